-- Sets the threshold of product $1 to $2, null for LOW_STOCK_THRESHOLD, which
-- is $3, and the level that follows: to get worse by it is a crossing too.
with p as (
  update products set reorder_level = $2::int, updated_at = now()
  where id = $1::bigint and deleted_at is null
  returning id, coalesce(reorder_level, $3::int) as threshold
), s as (
  update stock s
  set level = stock_level(s.on_hand, p.threshold),
    alert_due = stock_level(s.on_hand, p.threshold) <> 'ok'
      and (s.alert_due or s.level <> stock_level(s.on_hand, p.threshold))
  from p where s.product_id = p.id and s.level <> stock_level(s.on_hand, p.threshold)
)
select id from p
