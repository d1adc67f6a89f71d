-- Sets the stock of the products of `incoming` to the quantity of their last
-- line, where it has one, in the order in which workers lock, each change with
-- its row in the ledger. $1 is LOW_STOCK_THRESHOLD, $2 who did it.
with last as (
  select distinct on (p.id) p.id, i.quantity, coalesce(p.reorder_level, $1::int) as threshold
  from incoming i
  join products p on lower(p.sku) = lower(i.sku) and p.deleted_at is null
  order by p.id, i.line desc
), locked as (
  select l.id, l.quantity, l.threshold, s.on_hand
  from last l
  join stock s on s.product_id = l.id
  where l.quantity is not null
  order by l.id
  for no key update of s
), moved as (
  update stock s
  set on_hand = l.quantity, level = stock_level(l.quantity, l.threshold), updated_at = now(),
    alert_due = stock_level(l.quantity, l.threshold) <> 'ok'
      and (s.alert_due or (l.quantity < l.on_hand and s.level <> stock_level(l.quantity, l.threshold)))
  from locked l
  where s.product_id = l.id and s.on_hand <> l.quantity
  returning s.product_id, l.quantity - l.on_hand as delta, l.quantity as balance
)
insert into ledger (product_id, delta, balance, reason, actor)
select product_id, delta, balance, 'import', $2::text from moved
