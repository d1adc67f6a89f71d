-- New products, straight into the table; fails as a whole on a SKU that is taken.
copy products (sku, name, description, category, price, active, reorder_level) from stdin
