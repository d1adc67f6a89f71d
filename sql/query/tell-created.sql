-- The events of what this import created: what came after the id $1 and was
-- made in this transaction.
select product_events('product.created', array(
  select id from products where id > $1::bigint and created_at = now() and deleted_at is null order by id))
where event_wanted('product.created')
