-- Orders that have other units off the shelf than their status says:
--   pending, failed    none
--   completed          what their items want
--   cancelled          at most what must stay off it
-- An order with work to do is only held to what cannot be. Units are compared
-- product by product without asking who has a SKU today; that the products are
-- the ones ordered is asked where none of them was touched since.
with wanted as (
  select order_id, array_agg(units order by units) as units, sum(units) as total, array_agg(sku) as skus
  from (select order_id, lower(sku) as sku, sum(target) as units
        from order_items
        where skip is null and target > 0
        group by order_id, lower(sku)) i
  group by order_id
), taken as (
  select t.order_id, array_agg(t.units order by t.units) as units, sum(t.units) as total,
    array_agg(lower(p.sku)) filter (where p.updated_at < t.since) as skus
  from (select order_id, product_id, -sum(delta) as units, max(created_at) as since
        from ledger
        where order_id is not null
        group by order_id, product_id
        having sum(delta) <> 0) t
  left join products p on p.id = t.product_id
  group by t.order_id
)
select o.id, null::bigint, o.external_id::text,
  format('%s, units taken of its products: %s', o.status, coalesce(array_to_string(t.units, ', '), 'none'))
    || coalesce(' of ' || array_to_string(t.skus, ', '), ''),
  case when o.status in ('pending', 'failed') then 'none'
       else case when o.status = 'cancelled' then 'at most ' else '' end
         || coalesce(array_to_string(w.units, ', ') || ' of ' || array_to_string(w.skus, ', '), 'none') end,
  count(*) over ()
from orders o
left join wanted w on w.order_id = o.id
left join taken t on t.order_id = o.id
where t.units[1] < 0
  or (o.status in ('pending', 'failed') and t.units is not null)
  or (o.status = 'completed' and o.next_attempt_at is null
    and (w.units is distinct from t.units or not t.skus <@ w.skus))
  or (o.status = 'cancelled' and o.next_attempt_at is null and t.total > coalesce(w.total, 0))
order by o.id
limit $1::int
