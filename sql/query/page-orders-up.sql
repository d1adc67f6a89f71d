-- The same as page-rows of orders, the oldest first.
with shown as (
  (select id from orders where $2::bigint <= $5::bigint / 2 and id > $1::bigint
   order by id offset $2 limit $4::bigint)
  union all
  (select id from orders where $2 > $5 / 2
   order by id desc offset greatest($5 - $2 - $3::bigint, 0) limit least($3, greatest($5 - $2, 0)))
)
select coalesce((array_agg(id order by id))[:$3::int], '{}'), count(*), null::bigint
from shown
