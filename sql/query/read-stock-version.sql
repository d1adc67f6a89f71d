-- The same of the stock of product $1 and its threshold.
select concat_ws('-', coalesce(s.on_hand, 0), coalesce(p.reorder_level::text, 'none'))
from products p left join stock s on s.product_id = p.id
where p.id = $1::bigint and p.deleted_at is null
