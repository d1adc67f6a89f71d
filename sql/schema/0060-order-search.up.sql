-- An order is found by what people know of it, in either case: its number, an address, a customer, a SKU. The
-- newest first, of however many.
create index orders_name on orders ((lower(name)) text_pattern_ops, id) where name is not null;
create index orders_email on orders ((lower(customer_email)) text_pattern_ops, id) where customer_email is not null;
create index orders_customer on orders ((lower(customer_name)) text_pattern_ops, id) where customer_name is not null;
create index order_items_sku on order_items ((lower(sku)) text_pattern_ops, order_id) where sku is not null;
