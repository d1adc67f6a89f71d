-- Locks up to $1 products that crossed into low or out and were not reported yet; skips those that
-- are locked. $2 is LOW_STOCK_THRESHOLD.
select s.product_id, p.sku, p.name, s.level, s.on_hand, coalesce(p.reorder_level, $2::int),
  p.deleted_at is not null as hidden
from stock s
join products p on p.id = s.product_id
where s.alert_due
order by s.product_id
limit $1::int
for no key update of s skip locked
