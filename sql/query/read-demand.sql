-- What the orders $1 must have off the shelf, by product; product_id is null where no product has the
-- SKU, and where it has but is not kept in stock (`stocked` is false). `sku` is null for a line
-- whose quantity is unusable. Of the units, `kept` were refunded and not put back. The column before
-- `stocked` is true where the product, or that it is not kept in stock, is news to the lines. The last is of a
-- product that was deleted: the one that has its SKU now, 0 if there is none.
-- A line takes from the product it took from before, whatever that is called now; one that took nothing
-- yet from the product that has its SKU now. The limit takes the first branch that has a row, and keeps
-- the look-up of a SKU one by index, whatever is known of sizes.
select i.order_id, case when x.stocked then x.id end,
  case when i.skip is null then min(coalesce(y.sku, i.sku)) end,
  sum(i.target - coalesce(i.base, 0)), sum(coalesce(i.kept, 0)), max(i.cause), max(i.cause_id),
  i.skip is null and (x.id is distinct from i.product_id or x.stocked is false), coalesce(x.stocked, true),
  max(y.heir)
from order_items i
left join products k on k.id = i.product_id and i.skip is null and k.deleted_at is null and k.stocked
  and (k.sku = i.sku or lower(k.sku) = lower(i.sku))
left join lateral (
  select l.product_id as id, true as stocked, case when g.deleted_at is not null then g.sku end as sku,
    case when g.deleted_at is not null then coalesce((
      select q.id from products q
      where lower(q.sku) = lower(g.sku) and q.deleted_at is null and q.stocked limit 1), 0) end as heir
  from ledger l join products g on g.id = l.product_id
  where k.id is null and l.order_id = i.order_id and l.product_id = i.product_id
  union all
  select q.id, q.stocked, null, null from products q
  where k.id is null and lower(q.sku) = lower(i.sku) and q.deleted_at is null
  limit 1
) y on i.skip is null
cross join lateral (select coalesce(k.id, y.id) as id, coalesce(k.stocked, y.stocked) as stocked) x
where i.order_id = any($1::bigint[])
  and (i.skip is null and (i.target <> coalesce(i.base, 0) or i.cause is not null) or i.skip = 'bad_quantity')
group by i.order_id, x.id, x.stocked, i.skip, x.id is distinct from i.product_id,
  case when x.id is distinct from i.product_id or x.id is null then lower(i.sku) end
