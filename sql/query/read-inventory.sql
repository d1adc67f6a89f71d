-- The stock of the products $1 as JSON, in that order; $2 is LOW_STOCK_THRESHOLD. A product
-- that never had stock has quantity 0, and nobody is alarmed by that.
select row_to_json(i)
from (
  select p.id as product_id, p.sku as product_sku, p.name as product_name, p.category,
    coalesce(s.on_hand, 0) as quantity, 0 as reserved, coalesce(s.on_hand, 0) as available,
    coalesce(p.reorder_level, $2::int) as reorder_level,
    coalesce(s.level <> 'ok', false) as is_low_stock, utc(s.updated_at) as updated_at
  from products p left join stock s on s.product_id = p.id
  where p.id = any($1::bigint[]) and p.deleted_at is null
) i
order by array_position($1::bigint[], i.product_id)
