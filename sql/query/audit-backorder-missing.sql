-- Orders that are short of something, with no attempt before them, and have no place in the line.
select o.id, null::bigint, o.external_id::text, format('%s: %s', o.status, o.error_message),
  'a place in the line', count(*) over ()
from orders o
where o.waited and o.status <> 'cancelled' and o.next_attempt_at is null and o.error_message is not null
  and not exists (select from backorders b where b.order_id = o.id)
order by o.id
limit $1::int
