-- Queues webhook events for the products that this import changed, as the part $2 of the import $1 keeps it.
select product_updates(array_agg(c.id order by c.id), array_agg(c.changed order by c.id))
from (
  select c.id, product_changed(k.mask, k.sku, k.name, k.description, k.category, k.price, k.active, k.reorder_level, k.details, p) as changed
  from change c
  join products p on p.id = c.id
  join import_changes k on k.import_id = $1::bigint and k.part = $2::int and k.product_id = c.id and k.stock is null
  where c.differs and c.by_line = c.line and not c.ours and event_wanted('product.updated')
) c
having count(*) > 0
