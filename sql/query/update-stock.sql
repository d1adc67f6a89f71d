-- Moves stock by $2 for the locked products $1; $3 is LOW_STOCK_THRESHOLD.
update stock s
set on_hand = s.on_hand + m.delta, updated_at = greatest(now(), s.updated_at + interval '1 microsecond'),
  level = stock_level(s.on_hand + m.delta, coalesce(p.reorder_level, $3::int)),
  alert_due = stock_level(s.on_hand + m.delta, coalesce(p.reorder_level, $3::int)) <> 'ok'
    and (s.alert_due or (m.delta < 0
      and stock_level(s.on_hand + m.delta, coalesce(p.reorder_level, $3::int)) <> s.level))
from unnest($1::bigint[], $2::int[]) as m(product_id, delta)
join products p on p.id = m.product_id
where s.product_id = m.product_id
