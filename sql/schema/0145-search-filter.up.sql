-- One filter over the three columns: each index on orders is opened for each statement that stores one.
-- A row that is put into pages whose filter is made already writes the filter anew, which takes four
-- times what the row does. So pages are left half free: the order's next version fits beside it, and no
-- later order is put among old ones. And the filter of the last pages, which an index makes at once, even
-- of an empty table, is dropped: it is made again when they are full.
alter table orders set (fillfactor = 50);
drop index orders_name, orders_email, orders_customer;
create index orders_called on orders using brin (
  lower(name) text_bloom_ops (n_distinct_per_range = 400, false_positive_rate = 0.0003),
  lower(customer_email) text_bloom_ops (n_distinct_per_range = 400, false_positive_rate = 0.0003),
  lower(customer_name) text_bloom_ops (n_distinct_per_range = 400, false_positive_rate = 0.0003))
  with (pages_per_range = 16, autosummarize = on);
select brin_desummarize_range('orders_called',
  greatest(pg_relation_size('orders') / current_setting('block_size')::bigint - 1, 0));
