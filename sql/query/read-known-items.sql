-- The lines of the orders with the external ids $2 of the shops $1, as target.h has them.
select i.order_id, coalesce(i.external_id, -i.line_no), i.line_no, i.seen, i.sku, i.name,
  i.unit_price::text, i.skip, coalesce(i.quantity, -1), i.current, coalesce(i.least, i.quantity, -1),
  coalesce(i.shipped, 0), coalesce(i.product_id, 0), i.target, coalesce(i.kept, 0), coalesce(i.base, 0),
  i.cause, coalesce(i.cause_id, 0)
from (select distinct g.external_id, g.shop from unnest($1::text[], $2::bigint[]) as g(shop, external_id)) g
cross join lateral (
  select id from orders where external_id = g.external_id and shop = g.shop offset 0) o
cross join lateral (select * from order_items where order_id = o.id offset 0) i
order by i.order_id, i.line_no
