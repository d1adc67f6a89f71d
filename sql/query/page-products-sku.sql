-- Ids of a page of all products by SKU, as the database orders text. $1-$4: see lib/web/paging.h.
with shown as (
  select id, lower(sku) as key from products
  where deleted_at is null
    and lower(sku) > coalesce((select lower(l.sku) from products l where l.id = $1::bigint), '')
  order by lower(sku) offset $2::bigint limit $4::bigint
)
select coalesce((array_agg(id order by key))[:$3::int], '{}'), count(*), null::bigint
from shown where $5::bigint is not null
