-- Whether uploads are imported: how many importers were active in the last $1 seconds, how many
-- uploads are queued, and for how many seconds the longest one has waited for an importer.
select (
    select count(*) from (
      select application_name from pg_stat_activity
      where application_name like 'fulfil-import % %' and datname = current_database()
        and coalesce(state_change > now() - make_interval(secs => $1::int), true)
      union
      select name from presence
      where name like 'fulfil-import % %' and seen > now() - make_interval(secs => $1::int)) p),
  count(*) filter (where status = 'queued'),
  coalesce(greatest(max(extract(epoch from now() - seen_at)), 0), 0)::bigint
from uploads
where status in ('queued', 'running')
