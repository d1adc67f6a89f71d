-- After many new products: what the planner knows of the columns that are
-- looked for.
analyze products (id, sku, active, deleted_at)
