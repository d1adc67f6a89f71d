drop index orders_called;
create index orders_name on orders using brin (lower(name) text_bloom_ops (n_distinct_per_range = 1000, false_positive_rate = 0.0001))
  with (pages_per_range = 32, autosummarize = on);
create index orders_email on orders using brin (lower(customer_email) text_bloom_ops (n_distinct_per_range = 1000, false_positive_rate = 0.0001))
  with (pages_per_range = 32, autosummarize = on);
create index orders_customer on orders using brin (lower(customer_name) text_bloom_ops (n_distinct_per_range = 1000, false_positive_rate = 0.0001))
  with (pages_per_range = 32, autosummarize = on);
alter table orders set (fillfactor = 80);
