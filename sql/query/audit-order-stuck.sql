-- Pending orders that nobody would ever try, and failed ones that somebody would.
select id, null::bigint, external_id::text,
  format('%s, %s', status, coalesce('due at ' || next_attempt_at, 'without a time')),
  case status when 'pending' then 'a time, or its payload awaited' else 'no time' end, count(*) over ()
from orders
where (status = 'pending' and next_attempt_at is null and not awaited)
  or (status = 'failed' and next_attempt_at is not null)
order by id
limit $1::int
