-- The same as copy-products, with details.
copy products (sku, name, description, category, price, active, reorder_level, details) from stdin
