-- The first $1 workers that are connected to this database, or have said through a pooler that they are
-- there: name, whether busy, since how many seconds, and how many there are, and are busy, in all.
select name, busy, seconds, count(*) over (), count(*) filter (where busy) over ()
from (
  select distinct on (name) name, busy, coalesce(greatest(extract(epoch from now() - since), 0), 0)::bigint as seconds
  from (
    select application_name as name, coalesce(state, 'idle') <> 'idle' as busy, state_change as since
    from pg_stat_activity
    where application_name like 'fulfil-work % %' and datname = current_database()
    union all
    select name, false, seen from presence
    where name like 'fulfil-work % %' and seen > now() - interval '15 s') w
  order by name, busy desc) w
order by name
limit $1::int
