-- Refunds, edits and returns of the orders with the external ids $2 of the shops $1, as target.h has them.
select c.order_id, c.kind, c.external_id, c.line_id, coalesce(c.source_id, 0), c.removed, c.restocked,
  (extract(epoch from c.at) * 1000000)::bigint, c.returned, c.unshipped, c.listed, c.first, coalesce(c.return_id, 0)
from (select distinct g.external_id, g.shop from unnest($1::text[], $2::bigint[]) as g(shop, external_id)) g
cross join lateral (
  select id from orders where external_id = g.external_id and shop = g.shop offset 0) o
cross join lateral (select * from order_changes where order_id = o.id offset 0) c
order by c.order_id, c.at nulls first, c.external_id
