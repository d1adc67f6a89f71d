-- Ids of the uploads whose status is $5. $1-$4: see lib/web/paging.h.
with matched as (
  select id from uploads where id < $1::bigint and status = $5::text order by id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
