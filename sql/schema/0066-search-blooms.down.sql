drop index orders_name, orders_email, orders_customer;
create index orders_name on orders ((lower(name)) text_pattern_ops, id) where name is not null;
create index orders_email on orders ((lower(customer_email)) text_pattern_ops, id) where customer_email is not null;
create index orders_customer on orders ((lower(customer_name)) text_pattern_ops, id) where customer_name is not null;
