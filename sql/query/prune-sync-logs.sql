-- Deletes the log rows older than $1 days among the $2 rows after the id $3, and records up to
-- where, for the audit. Returns how many, and the last id of the $2.
with first as (
  select id, created_at from sync_logs where id > $3::bigint order by id limit $2::int
), gone as (
  delete from sync_logs l using first f
  where l.id = f.id and f.created_at < now() - make_interval(days => $1::int)
  returning 1
), noted as (
  insert into retention as r (table_name, pruned_before)
  select 'sync_logs', now() - make_interval(days => $1::int) where exists (select from gone)
  on conflict (table_name)
  do update set pruned_before = greatest(r.pruned_before, excluded.pruned_before)
)
select (select count(*) from gone), (select max(id) from first)
