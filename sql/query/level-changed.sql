-- Sets the level of stock whose threshold an import changed, if the import has no quantities; $1 is
-- LOW_STOCK_THRESHOLD. A product whose level gets worse has crossed.
with wrong as (
  select s.product_id, stock_level(s.on_hand, coalesce(p.reorder_level, $1::int)) as level
  from change c
  join products p on p.id = c.id
  join stock s on s.product_id = c.id
  where c.differs and c.by_line = c.line
    and s.level <> stock_level(s.on_hand, coalesce(p.reorder_level, $1::int))
  order by s.product_id
  for no key update of s
)
update stock s
set level = w.level,
  alert_due = case w.level when 'ok' then false when 'low' then s.alert_due or s.level = 'ok' else true end
from wrong w
where s.product_id = w.product_id
