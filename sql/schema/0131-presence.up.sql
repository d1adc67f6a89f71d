-- Behind a pooler that gives each transaction another connection there are no locks of a session, and
-- pg_stat_activity shows the pooler's connections. So an importer there holds an upload by a lease,
-- which it renews with the progress it notes, and every process says every few seconds that it is there.
create table presence (
  name text primary key, -- as application_name: program, host and process
  seen timestamptz not null default now()
) with (fillfactor = 50);

alter table uploads add column leased boolean not null default false;

create function upload_is_leased(wanted bigint) returns boolean
language sql stable
return exists (
  select from uploads
  where id = wanted and status = 'running' and leased and seen_at > clock_timestamp() - interval '15 s');

create or replace function upload_is_held(wanted bigint) returns boolean
language sql
return upload_is_leased(wanted) or exists (
  select from pg_locks
  where locktype = 'advisory' and classid = 7103224 and objid = wanted::int::oid and objsubid = 2
    and database = (select oid from pg_database where datname = current_database()));

drop function upload_claim(text);
-- As before, but with a lease where asked.
create function upload_claim(p_worker text, p_leased boolean default false) returns setof uploads
language plpgsql as $$
declare
  candidate bigint;
  u uploads;
begin
  for candidate in select id from uploads where status in ('queued', 'running') order by id loop
    perform from uploads where id = candidate for update skip locked;
    continue when not found or upload_is_held(candidate);
    continue when not p_leased and not pg_try_advisory_lock(7103224, candidate::int);
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
      tries = tries + 1, worker = p_worker, leased = p_leased, change = change + 1, phase = 'parse', percent = 0,
      processed = 0, total = null, rows_per_second = 0, created = 0, updated = 0, unchanged = 0,
      superseded = 0, rejected = 0, seen_at = now(), started_at = now()
    where id = candidate and status in ('queued', 'running')
    returning * into u;
    if found and u.status = 'running' then
      delete from upload_rejects where upload_id = candidate;
      return next u;
      return;
    end if;
    if not p_leased then
      perform pg_advisory_unlock(7103224, candidate::int);
    end if;
  end loop;
end
$$;
