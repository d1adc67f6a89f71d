-- The same as copy-incoming, with details.
copy incoming (line, after_id, given, quantity, was, counted, raw, id, sku, name, description, category, price, active,
  reorder_level,
  details)
from stdin
