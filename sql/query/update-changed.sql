-- Writes what differs. $1-$5: see classify-incoming; $6: the file has a name; $7: the details that it has, or null.
-- A product that was changed or deleted since `change` saw it is left out, and so is one that was written.
update products p
set sku = i.sku, name = case when $6::boolean then i.name else p.name end,
  description = case when $1::boolean then i.description else p.description end,
  category = case when $2::boolean then i.category else p.category end,
  price = case when $3::boolean then i.price else p.price end,
  active = case when $4::boolean then coalesce(i.given, p.active) else p.active end,
  reorder_level = case when $5::boolean then i.reorder_level else p.reorder_level end,
  details = case when $7::text[] is null then p.details else c.details end,
  updated_at = import_time(p.updated_at)
from change c
join incoming i on i.ctid = c.at
where c.differs and c.by_line = c.line and p.ctid = c.product_at and p.id = c.id and p.deleted_at is null
