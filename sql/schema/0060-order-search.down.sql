drop index order_items_sku;
drop index orders_customer;
drop index orders_email;
drop index orders_name;
