-- Ids of a page of the quarantine, which stays small enough to be counted.
-- $1-$4: see lib/page.h.
with shown as (
  select id from quarantine where id < $1::bigint order by id desc offset $2::bigint limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[:$3::int], '{}'), count(*), null::bigint,
  (select count(*) from quarantine), 0, 0, 0, 0, 0
from shown
