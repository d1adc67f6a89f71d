-- Copies new products straight into the table; fails as a whole if a SKU is taken.
copy products (sku, name, description, category, price, active, reorder_level) from stdin
