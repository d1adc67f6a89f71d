-- Hides product $1 and frees its SKU; its stock and its history stay. Queues the webhook event
-- product.deleted.
with hidden as (
  update products set deleted_at = clock_timestamp(), updated_at = now()
  where id = $1::bigint and deleted_at is null
  returning id
)
select id, product_events('product.deleted', array[id]) from hidden
