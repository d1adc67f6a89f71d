-- Sets the level of up to $2 products after product $3 whose threshold changed; $1 is
-- LOW_STOCK_THRESHOLD. A product whose level gets worse has crossed; a deleted product leaves the
-- alerts, which keeps them short.
with wrong as (
  select s.product_id, l.level
  from stock s
  join products p on p.id = s.product_id
  cross join lateral (
    select case when p.deleted_at is null
      then stock_level(s.on_hand, coalesce(p.reorder_level, $1::int)) else 'ok' end as level
  ) l
  where s.product_id > $3::bigint and s.level <> l.level
  order by s.product_id
  limit $2::int
  for no key update of s skip locked
), mended as (
  update stock s
  set level = w.level,
    alert_due = case w.level
      when 'ok' then false when 'low' then s.alert_due or s.level = 'ok' else true end
  from wrong w
  where s.product_id = w.product_id
  returning s.product_id
)
select count(*), max(product_id) from mended
