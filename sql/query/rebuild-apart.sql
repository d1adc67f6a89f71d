-- The next order above $1 that is played by itself, and the SKUs of its lines that were passed over.
select o.id, array_to_json(array(
  select distinct lower(i.sku) from order_items i
  where i.order_id = o.id and i.sku is not null and i.skip in ('custom', 'not_shipped', 'not_stocked')))::text
from orders o
where o.id > $1::bigint and rebuild_apart(o) and rebuild_whole(o)
order by o.id
limit 1
