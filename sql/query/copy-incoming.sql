-- Rows that classify-incoming looks at.
copy incoming (line, after_id, given, quantity, was, counted, raw, id, sku, name, description, category, price, active,
  reorder_level)
from stdin
