-- What orders wait for: a JSON object for each SKU, those of whom have waited longest first, at most $1
-- (null: all), and in each row how many there are in all.
select row_to_json(s), count(*) over ()
from (
  select coalesce(p.sku, min(b.sku)) as sku, p.id as product_id, p.name as product_name,
    sum(b.units) as wanted, coalesce(s.on_hand, 0) as on_hand, count(*) as orders, utc(min(b.since)) as oldest
  from backorders b
  left join products p on p.id = b.product_id and p.deleted_at is null
  left join stock s on s.product_id = p.id
  group by p.id, s.product_id, case when p.id is null then lower(b.sku) end
  order by min(b.since), min(b.order_id)
) s
limit $1::bigint
