-- Updates the planner's statistics of the columns that are searched, after an import of many new
-- products. A small sample takes a tenth of the time; autovacuum takes a larger one later.
analyze products (id, sku, active, deleted_at)
