-- The lines of known orders, one element each; those that are as they were are not written.
insert into order_items as k (order_id, line_no, external_id, sku, name, quantity, current, target, unit_price,
  skip, kept, base, least, shipped, seen, cause, cause_id, product_id)
select u.order_id, u.line_no, u.external_id, u.sku, u.name, u.quantity, u.current, u.target,
  u.price::numeric, u.skip, nullif(u.kept, 0), nullif(u.base, 0), nullif(u.least, u.quantity),
  nullif(u.shipped, 0), u.seen, u.cause, nullif(u.cause_id, 0), nullif(u.product_id, 0)
from unnest($1::bigint[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[],
  $9::text[], $10::text[], $11::int[], $12::int[], $13::int[], $14::int[], $15::boolean[], $16::text[],
  $17::bigint[], $18::bigint[])
  as u(order_id, line_no, external_id, sku, name, quantity, current, target, price, skip, kept, base, least,
    shipped, seen, cause, cause_id, product_id)
on conflict (order_id, line_no) do update
set external_id = excluded.external_id, sku = excluded.sku, name = excluded.name,
  quantity = excluded.quantity, current = excluded.current, target = excluded.target,
  unit_price = excluded.unit_price, skip = excluded.skip, kept = excluded.kept, base = excluded.base,
  least = excluded.least, shipped = excluded.shipped, seen = excluded.seen, cause = excluded.cause,
  cause_id = excluded.cause_id, product_id = excluded.product_id
where (k.external_id, k.sku, k.name, k.quantity, k.current, k.target, k.unit_price, k.skip, k.kept, k.base,
    k.least, k.shipped, k.seen, k.cause, k.cause_id, k.product_id)
  is distinct from (excluded.external_id, excluded.sku, excluded.name, excluded.quantity, excluded.current,
    excluded.target, excluded.unit_price, excluded.skip, excluded.kept, excluded.base, excluded.least,
    excluded.shipped, excluded.seen, excluded.cause, excluded.cause_id, excluded.product_id)
