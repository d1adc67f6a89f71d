-- What the orders $1 want off the shelf, by product; product_id is null where
-- no product has the SKU. `sku` is null for a line whose quantity is unusable.
-- The limit keeps the look-up of a SKU one by index, whatever is known of sizes.
-- A product that was deleted since still counts for an order that has units of it.
select i.order_id, p.id, case when i.skip is null then min(i.sku) end as sku, sum(i.target)
from order_items i
left join lateral (
  select coalesce((
    select q.id from products q
    where lower(q.sku) = lower(i.sku) and q.deleted_at is null
    limit 1), (
    select d.id from ledger l join products d on d.id = l.product_id
    where l.order_id = i.order_id and lower(d.sku) = lower(i.sku)
    order by l.id desc limit 1)) as id
) p on i.skip is null
where i.order_id = any($1::bigint[]) and ((i.skip is null and i.target > 0) or i.skip = 'bad_quantity')
group by i.order_id, p.id, i.skip, case when p.id is null then lower(i.sku) end
