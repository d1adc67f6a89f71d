-- Ids of products that are low or out. $1-$4: see lib/web/paging.h.
with matched as (
  select s.product_id as id
  from stock s join products p on p.id = s.product_id and p.deleted_at is null
  where s.level <> 'ok' and s.product_id < $1::bigint
  order by s.product_id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
