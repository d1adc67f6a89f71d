-- The products $1 as JSON, in that order, with their stock; its time is null where it never was counted.
select row_to_json(p)
from (
  select p.id, p.sku, p.name, p.description, p.category, p.price::text, p.active, p.reorder_level, p.details,
    coalesce(s.on_hand, 0) as quantity, coalesce(s.level <> 'ok', false) as is_low_stock,
    utc(s.updated_at) as stock_updated_at,
    utc(p.created_at) as created_at, utc(p.updated_at) as updated_at
  from products p left join stock s on s.product_id = p.id
  where p.id = any($1::bigint[]) and p.deleted_at is null
) p
order by array_position($1::bigint[], p.id)
