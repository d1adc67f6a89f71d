-- Of the orders with the external ids $2 of the shops $1: which have moved stock, and of which the names of
-- people are forgotten; no others. In a statement of its own, after they were locked: a worker or a scan may
-- have been at one of them until then.
select o.id, m.moved, m.redacted
from (select distinct g.external_id, g.shop from unnest($1::text[], $2::bigint[]) as g(shop, external_id)) g
cross join lateral (
  select id from orders where external_id = g.external_id and shop = g.shop offset 0) o
cross join lateral (
  select exists (select from ledger l where l.order_id = o.id offset 0) as moved,
    exists (select from redacted_orders r where r.order_id = o.id) as redacted) m
where m.moved or m.redacted
