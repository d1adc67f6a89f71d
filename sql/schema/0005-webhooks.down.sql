drop trigger stock_crossed on stock;
drop trigger order_cancelled on orders;
drop trigger order_arrived_cancelled on orders;
drop function stock_crossed, order_cancelled, order_events, product_events, order_data, product_data,
  event_wanted, event_names;
drop table attempts, deliveries, events, outbox, webhooks;
