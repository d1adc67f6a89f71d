-- Gives the products that the part $2 of the import $1 changed what they had before, but for
-- those of `kept`; $3 is the time of the import. Returns how many.
with back as (
  update products p
  set sku = case when k.mask & 1 <> 0 then k.sku else p.sku end,
    name = case when k.mask & 2 <> 0 then k.name else p.name end,
    description = case when k.mask & 4 <> 0 then k.description else p.description end,
    category = case when k.mask & 8 <> 0 then k.category else p.category end,
    price = case when k.mask & 16 <> 0 then k.price else p.price end,
    active = case when k.mask & 32 <> 0 then k.active else p.active end,
    reorder_level = case when k.mask & 64 <> 0 then k.reorder_level else p.reorder_level end,
    details = case when k.mask & 256 <> 0 then k.details else p.details end,
    updated_at = k.updated_at
  from import_changes k
  join products was on was.id = k.product_id
  where k.import_id = $1::bigint and k.part = $2::int and k.stock is null and p.id = k.product_id
    and p.updated_at = $3::timestamptz and p.deleted_at is null
    and not (k.mask & 1 <> 0 and exists (
      select from products o where lower(o.sku) = lower(k.sku) and o.id <> p.id and o.deleted_at is null))
  returning was as was, p as row
)
select count(*), product_updates(array_agg((row).id), array_agg(product_changed(was, row))) from back
