-- Orders that have other units off the shelf than their lines and their status say:
--   pending, failed    at most what was put back before they were seen
--   completed          what their lines want; what was refunded and not put back only as far as it
--                      was there. While a change waits, or has failed, no more than that; what
--                      they had while a quantity cannot be read
--   cancelled          at most what must stay off it
-- An order with work to do is only held to what cannot be. What was taken of a product that was deleted and made
-- again under its SKU counts with what was taken of the new one.
with wanted as (
  select order_id, product_id, sum(target - coalesce(base, 0)) as units, sum(coalesce(kept, 0)) as kept
  from order_items
  where skip is null and product_id is not null
  group by order_id, product_id
), taken as (
  select order_id, product_id, -sum(delta) as units
  from ledger
  where order_id is not null
  group by order_id, product_id
), differing as (
  select coalesce(w.order_id, t.order_id) as order_id, coalesce(w.product_id, t.product_id) as product_id,
    coalesce(t.units, 0) as taken, coalesce(w.units, 0) as units, coalesce(w.kept, 0) as kept
  from wanted w
  full join taken t on t.order_id = w.order_id and t.product_id = w.product_id
  join orders o on o.id = coalesce(w.order_id, t.order_id)
  where t.units is distinct from w.units or o.status in ('pending', 'failed') and t.units > 0
), compared as (
  select d.order_id, max(d.product_id) as product_id, sum(d.taken) as taken, sum(d.units) as units, sum(d.kept) as kept
  from differing d
  left join products p on p.id = d.product_id
  group by d.order_id, coalesce(lower(p.sku), d.product_id::text)
)
select o.id, c.product_id, o.external_id::text,
  format('%s, %s units taken', o.status, c.taken),
  case when o.status in ('pending', 'failed') then format('at most %s', least(c.units, 0))
       when o.status = 'completed' and o.error_message is null and c.kept = 0 then c.units::text
       else format('from %s to %s', case when o.status = 'completed' and o.error_message is null
                                         then c.units - c.kept else least(c.units, 0) end, c.units) end,
  count(*) over ()
from compared c
join orders o on o.id = c.order_id
where (c.taken > greatest(c.units, 0) and o.next_attempt_at is null
    or c.taken < least(c.units, 0)
    or o.status in ('pending', 'failed') and c.taken > 0
    or o.status = 'completed' and o.next_attempt_at is null and o.error_message is null
       and c.taken < c.units - c.kept
    or o.status = 'completed' and o.next_attempt_at is null and c.taken > c.units)
  and not (o.status = 'completed' and o.error_message is not null and exists (
    select from order_items i where i.order_id = o.id and i.skip = 'bad_quantity'))
order by o.id, c.product_id
limit $1::int
