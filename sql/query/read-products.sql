-- The products $1 as JSON.
select row_to_json(p)
from (
  select id, sku, name, description, category, price::text, active, reorder_level,
    utc(created_at) as created_at, utc(updated_at) as updated_at
  from products where id = any($1::bigint[]) and deleted_at is null
) p
order by p.id desc
