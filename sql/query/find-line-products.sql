-- Which product has each of the SKUs $1 now: the SKU's place, the product, and whether it is stocked.
select g.place, p.id, p.stocked
from unnest($1::text[]) with ordinality as g(sku, place)
cross join lateral (
  select id, stocked from products where lower(sku) = lower(g.sku) and deleted_at is null limit 1) p
