-- How many products have stock, and how many of them a level that is not that
-- of their threshold now; $1 is LOW_STOCK_THRESHOLD.
select count(*),
  count(*) filter (where s.level <> stock_level(s.on_hand, coalesce(p.reorder_level, $1::int)))
from stock s
join products p on p.id = s.product_id
where p.deleted_at is null
