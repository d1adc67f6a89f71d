-- Locks the orders of the shops $1 with the external ids $2, and what is known of each. Times are
-- microseconds since 1970.
select o.id, o.shop, o.external_id, o.status, o.awaited, o.run,
  o.processed_at is not null or o.next_attempt_at is not null or o.status <> 'pending',
  (extract(epoch from o.shop_updated_at) * 1000000)::bigint,
  (extract(epoch from o.shop_triggered_at) * 1000000)::bigint,
  (extract(epoch from coalesce(o.first_updated_at, o.shop_updated_at)) * 1000000)::bigint,
  coalesce(o.first_shipped, false),
  (extract(epoch from o.history_before) * 1000000)::bigint, o.unpaid
from orders o
where (o.external_id, o.shop) in (
  select distinct g.external_id, g.shop from unnest($1::text[], $2::bigint[]) as g(shop, external_id))
order by o.external_id, o.shop
for no key update
