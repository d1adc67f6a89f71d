-- Of the $2 units that orders gave back to the products $1, those of products that were deleted and made
-- again since go on to the product that has the SKU now, as far as they are still there. $3 is who did it, $4 LOW_STOCK_THRESHOLD.
with gone as (
  select k.id, k.reorder_level, q.id as successor, least(sum(m.units), h.on_hand)::int as units
  from unnest($1::bigint[], $2::int[]) as m(product_id, units)
  join products k on k.id = m.product_id and k.deleted_at is not null
  join stock h on h.product_id = k.id and h.on_hand > 0
  join lateral (
    select id from products where lower(sku) = lower(k.sku) and deleted_at is null and stocked
    limit 1 for share) q on true
  group by k.id, q.id, h.on_hand
), taken as (
  update stock s
  set on_hand = s.on_hand - g.units, updated_at = now(),
    level = stock_level(s.on_hand - g.units, coalesce(g.reorder_level, $4::int))
  from gone g where s.product_id = g.id
  returning g.id, g.successor, g.units, s.on_hand
), noted as (
  insert into ledger (product_id, delta, balance, reason, note, actor)
  select id, -units, on_hand, 'add', format('gone on to product %s, as which it was made again', successor), $3::text
  from taken
)
select stock_change(successor, units, 'add', null, format('came back to product %s, which was deleted', id), $3::text,
  $4::int)
from taken
