-- Ids of a page of all products by their stock, the most first; a product that was never stocked has none.
-- $1-$4: see lib/web/paging.h. An index would be written by each order, so all are read.
with shown as (
  select p.id, coalesce(s.on_hand, 0) as units
  from products p left join stock s on s.product_id = p.id
  where p.deleted_at is null
    and ($1::bigint = 0 or (coalesce(s.on_hand, 0), p.id)
      < (coalesce((select l.on_hand from stock l where l.product_id = $1), 0), $1))
  order by units desc, p.id desc offset $2::bigint limit $4::bigint
)
select coalesce((array_agg(id order by units desc, id desc))[:$3::int], '{}'), count(*), null::bigint
from shown where $5::bigint is not null
