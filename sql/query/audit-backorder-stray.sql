-- Places in the line of orders that wait for nothing.
select b.order_id, b.product_id, o.external_id::text,
  format('%s, waits for %s of %s', coalesce(o.status, 'no order'), b.units, b.sku), 'no place in the line',
  count(*) over ()
from backorders b
left join orders o on o.id = b.order_id
where o.id is null or o.status = 'cancelled'
  or o.next_attempt_at is null and (o.error_message is null or not o.waited)
order by b.order_id, b.sku
limit $1::int
