-- One row for each product that an order moved.
insert into ledger (product_id, order_id, run, delta, balance, reason, source_id, actor)
select product_id, order_id, run, delta, balance, reason, nullif(source_id, 0), $8::text
from unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::int[], $6::text[], $7::bigint[])
  as l(product_id, order_id, run, delta, balance, reason, source_id)
