-- Takes back what the import $1 added to stock, but for that of `kept`; $2 is LOW_STOCK_THRESHOLD,
-- $3 who does it. The level of what it changed is made anew. Returns how many moves.
with sums as (
  select product_id, coalesce(sum(stock), 0)::integer as delta from import_changes
  where import_id = $1::bigint group by product_id
), locked as (
  select s.product_id, s.on_hand - m.delta as quantity, m.delta,
    stock_level(s.on_hand - m.delta, coalesce(p.reorder_level, $2::int)) as level
  from (
    select n.product_id, case when k.product_id is null then n.delta else 0 end as delta
    from sums n left join kept k on k.product_id = n.product_id and k.part = -1
  ) m
  join products p on p.id = m.product_id and p.deleted_at is null
  join stock s on s.product_id = m.product_id
  order by s.product_id
  for no key update of s
), moved as (
  update stock s
  set on_hand = l.quantity, level = l.level,
    updated_at = case when l.delta <> 0 then now() else s.updated_at end,
    alert_due = l.level <> 'ok' and (s.alert_due or s.level = 'ok' or l.level = 'out' and s.level = 'low')
  from locked l
  where s.product_id = l.product_id and (l.delta <> 0 or s.level <> l.level)
  returning s.product_id, -l.delta as delta, l.quantity as balance
), written as (
  insert into ledger (product_id, delta, balance, reason, note, actor)
  select product_id, delta, balance, 'import', 'undo of import ' || $1, $3::text from moved where delta <> 0
  returning 1
)
select count(*) from written
