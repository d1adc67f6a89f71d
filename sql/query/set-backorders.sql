-- The orders $1 wait for what $2-$5 say, and for nothing else: one element for each order and SKU.
-- Queues the event order.waiting of those that begin to wait. What one waits for no longer may be another's now, and so
-- may what it was short of, if that came while nothing of it was locked.
with gone as (
  delete from backorders b
  where b.order_id = any($1::bigint[])
    and not exists (select from unnest($2::bigint[], $3::text[]) u(order_id, sku)
                    where u.order_id = b.order_id and lower(u.sku) = lower(b.sku))
  returning b.product_id
), wanted as (
  select order_id, min(sku) as sku, max(nullif(product_id, 0)) as product_id,
    least(sum(units), 2147483647)::int as units
  from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) as u(order_id, sku, product_id, units)
  group by order_id, lower(sku)
), known as (
  select order_id, min(since) as since from backorders where order_id = any($2::bigint[]) group by order_id
), put as (
  insert into backorders (order_id, sku, product_id, units, since)
  select w.order_id, w.sku, w.product_id, w.units, coalesce(k.since, now())
  from wanted w
  left join known k on k.order_id = w.order_id
  order by w.order_id
  on conflict (order_id, lower(sku)) do update set product_id = excluded.product_id, units = excluded.units
  returning product_id
), called as (
  insert into backorder_calls (product_id)
  select product_id from gone union select product_id from put
), fresh as (
  select array_agg(distinct order_id) as ids from wanted
  where order_id not in (select order_id from known)
)
select order_events(array_fill('order.waiting'::text, array[cardinality(ids)]), ids)
from fresh where ids is not null
