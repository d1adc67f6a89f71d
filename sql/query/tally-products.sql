-- Counts the products that are not hidden. $1-$5: see lib/store/tally.h. No transaction that hides
-- products lasts longer than two minutes.
with hidden as (
  select $4::bigint + count(*) as total,
    $4 + count(*) filter (where deleted_at <= now() - interval '2 minutes') as settled
  from (select deleted_at from products where deleted_at > $5::timestamptz
        order by deleted_at offset 0) late
)
select $1::bigint + count(*) - (select total from hidden), count(*) filter (where id <= $3::bigint),
  (select min(id) from products), (select max(id) from products),
  pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot()),
  (select settled from hidden), greatest(now() - interval '2 minutes', $5)
from (select id from products where id > $2::bigint order by id offset 0) new
