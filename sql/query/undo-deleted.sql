-- Brings back the products that the import $1 of the time $2 hid, but for those whose SKU another
-- one has now. Returns how many.
with back as (
  update products p
  set deleted_at = null, updated_at = k.updated_at
  from import_changes k
  where k.import_id = $1::bigint and k.mask & 128 <> 0 and p.id = k.product_id
    and p.updated_at = $2::timestamptz and p.deleted_at is not null
    and not exists (select from products o where lower(o.sku) = lower(p.sku) and o.deleted_at is null)
  returning p.id
)
select count(*), product_events('product.created', array_agg(id)) from back
