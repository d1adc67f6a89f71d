-- Writes what update-changed left out because somebody else changed the
-- product meanwhile: of its columns, those of the file are the file's. A
-- deleted product is left out again. $1-$5: see classify-incoming.
update products p
set sku = i.sku, name = i.name,
  description = case when $1::boolean then i.description else p.description end,
  category = case when $2::boolean then i.category else p.category end,
  price = case when $3::boolean then i.price else p.price end,
  active = case when $4::boolean then coalesce(i.given, p.active) else p.active end,
  reorder_level = case when $5::boolean then i.reorder_level else p.reorder_level end,
  updated_at = now()
from change c
join incoming i on i.ctid = c.at
where c.differs and c.by_line = c.line and p.id = c.id and p.updated_at <> now() and p.deleted_at is null
