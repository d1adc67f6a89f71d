-- Ids of a page of all uploads, which stay few enough to be counted.
-- $1-$4: see lib/page.h.
with shown as (
  select id from uploads where id < $1::bigint order by id desc offset $2::bigint limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[:$3::int], '{}'), count(*), null::bigint,
  (select count(*) from uploads), 0, 0, 0, 0, 0
from shown
