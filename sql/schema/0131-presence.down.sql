drop function upload_claim(text, boolean);

create function upload_claim(p_worker text) returns setof uploads
language plpgsql as $$
declare
  candidate bigint;
  u uploads;
begin
  for candidate in select id from uploads where status in ('queued', 'running') order by id loop
    continue when not pg_try_advisory_lock(7103224, candidate::int);
    insert into sync_logs (task_name, task_id, attempt, status, error, duration_ms, worker)
    select 'import_products', task_id::text, tries, 'retry', 'the importer ended in the middle of the file',
      extract(epoch from seen_at - started_at) * 1000, worker
    from uploads where id = candidate and status = 'running';
    update uploads
    set status = case when cancel_wanted then 'cancelled' when tries >= 3 then 'failed' else 'running' end,
      error_message = case when tries >= 3 and not cancel_wanted
        then coalesce('the third try came to nothing: ' || error_message,
          'three importers ended in the middle of this file; the last was ' || worker) end,
      finished_at = case when cancel_wanted or tries >= 3 then now() end,
      tries = tries + 1, worker = p_worker, change = change + 1, phase = 'parse', percent = 0,
      processed = 0, total = null, rows_per_second = 0, created = 0, updated = 0, unchanged = 0,
      superseded = 0, rejected = 0, seen_at = now(), started_at = now()
    where id = candidate and status in ('queued', 'running')
    returning * into u;
    if found and u.status = 'running' then
      delete from upload_rejects where upload_id = candidate;
      return next u;
      return;
    end if;
    perform pg_advisory_unlock(7103224, candidate::int);
  end loop;
end
$$;

create or replace function upload_is_held(wanted bigint) returns boolean
language sql
return exists (
  select from pg_locks
  where locktype = 'advisory' and classid = 7103224 and objid = wanted::int::oid and objsubid = 2
    and database = (select oid from pg_database where datname = current_database()));

drop function upload_is_leased(bigint);
alter table uploads drop column leased;
drop table presence;
