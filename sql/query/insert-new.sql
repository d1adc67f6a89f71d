-- Inserts the new products. Leaves out those whose SKU was taken meanwhile.
insert into products (sku, name, description, category, price, active, reorder_level, details)
select i.sku, i.name, i.description, i.category, i.price, i.active, i.reorder_level, i.details
from change c
join incoming i on i.ctid = c.at
where c.id is null and c.by_line = c.line and not c.nameless
order by lower(i.sku)
on conflict (lower(sku)) where deleted_at is null do nothing
