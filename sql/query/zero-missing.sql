-- Sets the stock of the products of `missing` to 0, keeps that for the part $2 of the import $1, and
-- writes the ledger, where $3 did it. Returns how many.
with locked as (
  select s.product_id, s.on_hand
  from missing m
  join stock s on s.product_id = m.id
  where s.on_hand > 0
  order by s.product_id
  for no key update of s
), moved as (
  update stock s
  set on_hand = 0, level = 'out', updated_at = now(), alert_due = s.alert_due or s.level <> 'out'
  from locked l
  where s.product_id = l.product_id
  returning s.product_id, -l.on_hand as delta
), kept as (
  insert into import_changes (import_id, part, line, product_id, mask, stock)
  select $1::bigint, $2::int, 0, product_id, 0, delta from moved
), written as (
  insert into ledger (product_id, delta, balance, reason, actor)
  select product_id, delta, 0, 'import', $3::text from moved
  returning 1
)
select count(*) from written
