-- Ids of the orders that are called $8 exactly, in either case, the newest first: by number with or without #,
-- address, customer, SKU, or, where it is the number $9, id here or in Shopify. $1-$4: see lib/web/paging.h.
-- $5 lowest id, $6 not before, $7 status, null: any; $10 before; $11: addresses and customers are looked at. Of each kind the newest 10,001 are looked at.
with called as (
  -- Each by its filter over the pages (`offset 0`), not from the newest order back.
  (select id from orders where lower(name) = lower($8::text) offset 0)
  union
  (select id from orders where lower(name) = '#' || lower($8) offset 0)
  union
  (select id from orders where $11::boolean and lower(customer_email) = lower($8) offset 0)
  union
  (select id from orders where $11 and lower(customer_name) = lower($8) offset 0)
), named as (
  (select id from called where id < $1::bigint order by id desc limit 10001)
  union
  (select order_id from order_items where lower(sku) = lower($8) and sku is not null and order_id < $1
   order by order_id desc limit 10001)
  union
  (select id from orders where (id = $9::bigint or external_id = $9) and id < $1)
), matched as materialized (
  select o.id from named n join orders o on o.id = n.id
  where o.id >= $5::bigint and o.created_at >= $6::timestamptz and o.created_at < $10::timestamptz
    and ($7::text is null or order_status(o.status, o.next_attempt_at, o.xmax) = $7)
  order by o.id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
