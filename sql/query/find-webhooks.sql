-- Ids of a page of the webhooks. $1-$4: see lib/web/paging.h.
with matched as (
  select id from webhooks where id < $1::bigint and deleted_at is null
  order by id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
