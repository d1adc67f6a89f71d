-- Ids of a page of all rows, of which there are $5, from the nearer end. $1-$4: see lib/web/paging.h.
-- of: orders, privacy_requests, quarantine, sync_logs, uploads
with shown as (
  (select id from :rows where $2::bigint <= $5::bigint / 2 and id < $1::bigint
   order by id desc offset $2 limit $4::bigint)
  union all
  (select id from :rows where $2 > $5 / 2
   order by id offset greatest($5 - $2 - $3::bigint, 0) limit least($3, greatest($5 - $2, 0)))
)
select coalesce((array_agg(id order by id desc))[:$3::int], '{}'), count(*), null::bigint
from shown
