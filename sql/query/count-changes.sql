-- What the import $1 changed: products whose sku, name, description, category, price, active,
-- reorder_level, quantity, details it changed, then units up and down.
select count(*) filter (where mask & 1 <> 0), count(*) filter (where mask & 2 <> 0),
  count(*) filter (where mask & 4 <> 0), count(*) filter (where mask & 8 <> 0),
  count(*) filter (where mask & 16 <> 0), count(*) filter (where mask & 32 <> 0),
  count(*) filter (where mask & 64 <> 0), count(stock),
  count(*) filter (where mask & 256 <> 0),
  coalesce(sum(stock) filter (where stock > 0), 0), coalesce(-sum(stock) filter (where stock < 0), 0)
from import_changes
where import_id = $1::bigint
