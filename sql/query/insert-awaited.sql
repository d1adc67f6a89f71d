-- Makes those of the orders, shops $1 and external ids $2, that are not here yet: known from what is
-- about to be stored only. In the order in which everybody locks them.
insert into orders (shop, external_id, awaited)
select distinct g.shop, g.external_id, true
from unnest($1::text[], $2::bigint[]) as g(shop, external_id)
where not exists (select from orders o
                  where o.external_id = g.external_id and o.shop = g.shop offset 0)
order by 2, 1
on conflict (external_id, shop) do nothing
