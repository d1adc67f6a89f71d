-- Queues webhook events for the products that this import changed.
select product_events('product.updated', array(
  select id from change where differs and by_line = line and id is not null and not ours order by id))
where event_wanted('product.updated')
