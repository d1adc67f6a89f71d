-- Ids of deliveries of the webhook $5, in the state $6 (null: any), not before $7.
-- $1-$4: see lib/web/paging.h.
with matched as (
  select id from deliveries
  where webhook_id = $5::bigint and id < $1::bigint and ($6::text is null or state = $6)
    and created_at >= $7::timestamptz
  order by id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
