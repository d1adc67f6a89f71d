-- Folds the minutes that ended into rollups, six hours of them at most, and again the last five of those that
-- were folded, whose transactions may have been running; then their hours. Returns 1 if there is more. Nothing while
-- another folds.
with mark as materialized (
  select coalesce((select max(at) - interval '4 min' from rollups where minutes = 1),
      (select greatest(date_trunc('minute', min(created_at)), date_trunc('minute', now()) - interval '31 days')
       from (select created_at from orders order by id limit 1000) o having min(created_at) is not null),
      date_trunc('minute', now()) - interval '1 min') as since
  from (select pg_try_advisory_xact_lock(hashtext('rollups')) as free) l where free
), span as materialized (
  select since, least(since + interval '6 hours', date_trunc('minute', now())) as upto from mark
), counted as materialized (
  select c.* from span s cross join lateral rollup_count(s.since, s.upto) c
), minute as (
  -- The last one is there always, as it says up to where.
  insert into rollups as r (minutes, at, received, completed, failed, retried, times)
  select 1, at, received, completed, failed, retried, times from counted
  union all
  select 1, upto - interval '1 min', 0, 0, 0, 0, '{}' from span
  where upto > since and not exists (select from counted where at = upto - interval '1 min')
  on conflict (minutes, at) do update
  set received = excluded.received, completed = excluded.completed, failed = excluded.failed,
    retried = excluded.retried, times = excluded.times
), hour as (
  insert into rollups as r (minutes, at, received, completed, failed, retried, times)
  select 60, date_trunc('hour', at, 'UTC'), sum(received), sum(completed), sum(failed), sum(retried),
    coalesce(rollup_sum(times), '{}')::integer[] -- null where nothing was completed
  from (select at, received, completed, failed, retried, times from counted
        union all
        select r.at, r.received, r.completed, r.failed, r.retried, r.times
        from rollups r, span s
        where r.minutes = 1 and r.at >= date_trunc('hour', s.since, 'UTC') and r.at < s.since) m
  group by 2
  on conflict (minutes, at) do update
  set received = excluded.received, completed = excluded.completed, failed = excluded.failed,
    retried = excluded.retried, times = excluded.times
)
select coalesce((select upto < date_trunc('minute', now()) from span), false)::int
