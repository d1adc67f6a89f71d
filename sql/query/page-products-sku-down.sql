-- The same as page-products-sku, from the last SKU to the first.
with shown as (
  select id, lower(sku) as key from products
  where deleted_at is null and id <> $1::bigint
    and lower(sku) <= coalesce((select lower(l.sku) from products l where l.id = $1),
      (select lower(l.sku) from products l where l.deleted_at is null order by lower(l.sku) desc limit 1))
  order by lower(sku) desc offset $2::bigint limit $4::bigint
)
select coalesce((array_agg(id order by key desc))[:$3::int], '{}'), count(*), null::bigint
from shown where $5::bigint is not null
