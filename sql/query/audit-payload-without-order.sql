-- Payloads of an order that does not exist.
select p.order_id, null::bigint, null::text, format('payload %s without its order', p.id),
  format('order %s', p.order_id), count(*) over ()
from payloads p
where p.order_id is not null and not exists (select from orders o where o.id = p.order_id)
order by p.id
limit $1::int
