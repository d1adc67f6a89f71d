-- One payload that insert-orders could not store as a new order. $1-$23 as in
-- insert-order, $24 the kind, $25 its changes. The same payload once more is
-- seen here, without a lock; order_take_in looks again with one. `offset 0` as
-- in insert-orders.
with known as (
  select o.id
  from (select id from orders where external_id = $2::bigint and shop = $1::text offset 0) o
  where exists (select from payloads p where p.order_id = o.id and p.digest = $14::bytea offset 0)
)
select id, 'duplicate', 'this payload was stored before', false, 0 from known
union all
select r_id, r_outcome, r_why, r_due, r_run
from order_take_in($1, $2::bigint, $24, $3, $4, $5, $6::text::numeric, $7, $8::boolean, $9::boolean,
  $10::text::timestamptz, $11, (
    select coalesce(jsonb_agg(jsonb_build_array(external_id, sku, name, quantity, current, price, skip)
      order by line_no), '[]')
    from unnest($16::int[], $17::bigint[], $18::text[], $19::text[], $20::int[], $21::int[],
      $22::text[], $23::text[])
      as i(line_no, external_id, sku, name, quantity, current, price, skip)),
  $25::jsonb, $12, $13, $14::bytea, $15::bytea)
where not exists (select from known)
