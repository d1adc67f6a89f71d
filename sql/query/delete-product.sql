-- Hides product $1 and frees its SKU; its stock and its history stay. Queues the webhook event
-- product.deleted.
with hidden as (
  update products p
  set deleted_at = clock_timestamp(), updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 microsecond')
  where id = $1::bigint and deleted_at is null
  returning id
)
select id, product_events('product.deleted', array[id]) from hidden
