-- Counts the privacy requests. $1-$3: see lib/store/tally.h.
select $1::bigint + count(*), count(*) filter (where id <= $3::bigint),
  (select min(id) from privacy_requests), (select max(id) from privacy_requests),
  pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot())
from (select id from privacy_requests where id > $2::bigint order by id offset 0) new
