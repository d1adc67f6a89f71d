-- Queues webhook events for the products that this import created: those with ids above $1 that
-- this transaction inserted.
select product_events('product.created', array(
  select id from products where id > $1::bigint and created_at = now() and deleted_at is null order by id))
where event_wanted('product.created')
