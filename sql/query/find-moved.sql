-- Which of the orders with the external ids $2 of the shops $1 have moved stock. In a statement of its
-- own, after they were locked: a worker may have been at one of them until then.
select o.id
from (select distinct g.external_id, g.shop from unnest($1::text[], $2::bigint[]) as g(shop, external_id)) g
cross join lateral (
  select id from orders where external_id = g.external_id and shop = g.shop offset 0) o
where exists (select from ledger l where l.order_id = o.id offset 0)
