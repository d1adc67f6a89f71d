-- Which order has each line of a reverse fulfillment order: their shops $1 and ids $2. The place of
-- each that is known, and the order's external id.
select g.place, o.external_id
from unnest($1::text[], $2::bigint[]) with ordinality as g(shop, reverse_id, place)
cross join lateral (
  select order_id from order_changes
  where kind = 'reverse' and external_id = g.reverse_id offset 0) c
join orders o on o.id = c.order_id and o.shop = g.shop
order by g.place
