-- Counts the rows. $1-$3: see lib/store/tally.h.
-- of: orders, privacy_requests, quarantine, sync_logs, uploads
select $1::bigint + count(*), count(*) filter (where id <= $3::bigint),
  (select min(id) from :rows), (select max(id) from :rows),
  pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot())
from (select id from :rows where id > $2::bigint order by id offset 0) new
