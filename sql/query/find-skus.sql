-- Ids of the products with the SKUs $5, commas between; where $6 is true only
-- those that are low or out. $1-$4: see lib/web/paging.h.
with matched as (
  select p.id
  from unnest(string_to_array(lower($5::text), ',')) w(sku)
  join products p on lower(p.sku) = btrim(w.sku) and p.deleted_at is null
  left join stock s on s.product_id = p.id
  where p.id < $1::bigint and ($6::boolean is not true or s.level <> 'ok')
  group by p.id order by p.id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
