-- Counts the products that have stock, and those whose level does not fit their threshold now (see
-- mend-stock); $1 is LOW_STOCK_THRESHOLD.
select count(*) filter (where p.deleted_at is null),
  count(*) filter (where s.level <> case when p.deleted_at is null
    then stock_level(s.on_hand, coalesce(p.reorder_level, $1::int)) else 'ok' end)
from stock s
join products p on p.id = s.product_id
