-- The first $1 workers that are connected to this database: name, whether
-- busy, since how many seconds, and how many there are, and are busy, in all.
select application_name, coalesce(state, 'idle') <> 'idle',
  coalesce(greatest(extract(epoch from now() - state_change), 0), 0)::bigint,
  count(*) over (), count(*) filter (where state <> 'idle') over ()
from pg_stat_activity
where application_name like 'fulfil-work % %' and datname = current_database()
order by application_name
limit $1::int
