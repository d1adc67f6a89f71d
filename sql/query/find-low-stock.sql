-- Ids of products that are low or out, with the text $5 in the SKU or the name, where there is one, and of the category
-- $7, where there is one; $6: see product_matches. $1-$4: see lib/web/paging.h.
with matched as (
  select s.product_id as id
  from stock s join products p on p.id = s.product_id and p.deleted_at is null
  where s.level <> 'ok' and s.product_id < $1::bigint
    and ($5::text is null
      or product_matches(p, null, null, null, null, null, null, null, $5, $6::boolean))
    and ($7::text is null or lower(p.category) = lower($7))
  order by s.product_id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
