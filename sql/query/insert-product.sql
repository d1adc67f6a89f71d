-- Creates a product with the columns of the JSON object $1 and returns its id. Queues the webhook
-- event product.created.
with new as (
  insert into products (sku, name, description, category, price, active, reorder_level, details)
  select n.sku, n.name, n.description, n.category, n.price, coalesce(n.active, true), n.reorder_level,
    details_with(null, '{}', jsonb_strip_nulls(n.details))
  from jsonb_to_record($1::jsonb) as n(sku text, name text, description text, category text,
    price numeric, active boolean, reorder_level integer, details jsonb)
  returning id
)
select id, product_events('product.created', array[id]) from new
