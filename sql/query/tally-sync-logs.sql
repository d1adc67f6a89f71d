-- Counts the sync logs. $1-$3: see lib/store/tally.h.
select $1::bigint + count(*), count(*) filter (where id <= $3::bigint),
  (select min(id) from sync_logs), (select max(id) from sync_logs),
  pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot())
from (select id from sync_logs where id > $2::bigint order by id offset 0) new
