-- Counts all orders, those of each status except completed, which is the rest, and those that wait
-- for another attempt, or are due for it, in one snapshot. $1-$3: see lib/store/tally.h.
select $1::bigint + count(*), count(*) filter (where id <= $3::bigint),
  (select min(id) from orders), (select max(id) from orders),
  pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot()),
  (select count(*) from orders where status = 'pending'),
  (select count(*) from orders where status = 'failed'),
  (select count(*) from orders where status = 'cancelled'),
  (select count(*) from orders where status = 'pending' and retry_count > 0)
from (select id from orders where id > $2::bigint order by id offset 0) new
