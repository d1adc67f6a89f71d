-- Counts the uploads. $1-$3: see lib/store/tally.h.
select $1::bigint + count(*), count(*) filter (where id <= $3::bigint),
  (select min(id) from uploads), (select max(id) from uploads),
  pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot())
from uploads where id > $2::bigint
