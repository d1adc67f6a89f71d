-- Ids of orders that match. $1-$4: see lib/web/paging.h; of those that the other
-- filters leave it looks at the newest $5 for a text or a SKU.
-- $6 lowest id, $7 not before, $8 status, $9 a number to be an id, $10 pattern
-- in lower case for LIKE, $11 SKU; null: any. $12: the pattern is ASCII. $13 below this id, $14 before.
-- $15 an amount to be the total. $16: what customers are called is looked at.
-- `offset 0` keeps the probes of the few from becoming a scan of all items.
with recent as materialized (
  (select id, external_id, name, customer_name, customer_email, total_amount from orders
   where ($8::text is null or $8 = 'completed') and ($8 is null or status = 'completed')
     and id < $1::bigint and id >= $6::bigint and created_at >= $7::timestamptz and id < $13::bigint and created_at < $14::timestamptz
   order by id desc limit $5::bigint)
  union all
  (select id, external_id, name, customer_name, customer_email, total_amount from orders
   where $8 in ('pending', 'processing') and status = 'pending'
     and id < $1 and id >= $6 and created_at >= $7 and id < $13 and created_at < $14
     and order_status(status, next_attempt_at, xmax) = $8
   order by id desc limit $5)
  union all
  (select id, external_id, name, customer_name, customer_email, total_amount from orders
   where $8 = 'failed' and status = 'failed' and id < $1 and id >= $6 and created_at >= $7 and id < $13 and created_at < $14
   order by id desc limit $5)
  union all
  (select id, external_id, name, customer_name, customer_email, total_amount from orders
   where $8 = 'cancelled' and status = 'cancelled' and id < $1 and id >= $6 and created_at >= $7 and id < $13 and created_at < $14
   order by id desc limit $5)
), direct as (
  select id from orders
  where $1 = 9223372036854775807 and (id = $9::bigint or external_id = $9) and id >= $6
    and created_at >= $7 and id < $13 and created_at < $14 and ($8 is null or order_status(status, next_attempt_at, xmax) = $8)
    and $11::text is null
), matched as materialized (
  (select id from direct
   union
   select id from recent r
   where ($10::text is null
       or case when $12::boolean
                then lower(concat_ws(' ', name, case when $16::boolean then concat_ws(' ', customer_name, customer_email) end) collate "C") like $10
                else lower(concat_ws(' ', name, case when $16 then concat_ws(' ', customer_name, customer_email) end)) like lower($10) end
       or id = $9 or external_id = $9 or total_amount = $15::numeric
       or exists (select from order_items i
                  where i.order_id = r.id and lower(i.sku) like lower($10) offset 0))
     and ($11::text is null
       or exists (select from order_items i
                  where i.order_id = r.id and lower(i.sku) = lower($11) offset 0)))
  order by id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*),
  (select case when count(*) = $5 and ($10 is not null or $11 is not null) then min(id) end from recent)
from matched
