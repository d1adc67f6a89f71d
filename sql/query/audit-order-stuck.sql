-- Pending orders that nobody would ever try, and failed ones that somebody would. One that waits for
-- stock needs no time while it has its place in the line.
select id, null::bigint, external_id::text,
  format('%s, %s', status, coalesce('due at ' || next_attempt_at, 'without a time')),
  case status when 'pending' then 'a time, a place in the line, or its payload or payment awaited' else 'no time' end,
  count(*) over ()
from orders o
where (status = 'pending' and next_attempt_at is null and not awaited and unpaid is not true
       and not exists (select from backorders b where b.order_id = o.id))
  or (status = 'failed' and next_attempt_at is not null)
order by id
limit $1::int
