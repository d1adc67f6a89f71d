-- Ids of a page of all sync logs, from the nearer end. $1-$7: see lib/page.h.
with counted as (
  select $5::bigint + count(*) as total, count(*) filter (where id <= $7::bigint) as settled
  from sync_logs where id > $6::bigint
), way as (
  select total, settled, $2::bigint <= total / 2 as down from counted
), shown as (
  (select id from sync_logs where id < $1::bigint order by id desc
   offset (select case when down then $2 else 0 end from way)
   limit (select case when down then $4::bigint else 0 end from way))
  union all
  (select id from sync_logs order by id
   offset (select greatest(total - $2 - $3::bigint, 0) from way)
   limit (select case when down then 0 else least($3, greatest(total - $2, 0)) end from way))
)
select coalesce((array_agg(s.id order by s.id desc))[:$3::int], '{}'), count(s.id), null::bigint, w.total,
  w.settled, (select min(id) from sync_logs), (select max(id) from sync_logs),
  pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot())
from way w left join shown s on true
group by w.total, w.settled
