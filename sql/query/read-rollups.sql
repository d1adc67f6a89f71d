-- What came and ended in each of the last $1 steps of $2 minutes, as JSON: the steps; then their sum with the
-- time that is known of: where the scan has not folded for long, what was between is null. What was not folded
-- is counted here, of the last 20 minutes at most. Steps begin at multiples of their length in UTC.
with folded as materialized (
  select max(at) + interval '1 min' as upto from rollups where minutes = 1
), span as materialized (
  select make_interval(mins => $2::int) as step,
    date_bin(make_interval(mins => $2), now(), timestamptz '2000-01-01 00:00Z')
      - ($1::int - 1) * make_interval(mins => $2) as since,
    coalesce(f.upto, '-infinity') as folded,
    greatest(coalesce(f.upto, '-infinity'), date_trunc('minute', now()) - interval '20 min') as counted
  from folded f
), gap as materialized (
  -- Unknown, unless nothing is older than what is counted.
  select folded as low, counted as high from span
  where folded < counted and exists (select from (select created_at from orders order by id limit 1) o
                                     where o.created_at < counted)
), parts as materialized (
  select r.at, r.received, r.completed, r.failed, r.retried, r.times
  from span s join rollups r
    on r.minutes = case when $2 % 60 = 0 then 60 else 1 end and r.at >= s.since
  union all
  select c.at, c.received, c.completed, c.failed, c.retried, c.times
  from span s cross join lateral rollup_count(greatest(s.counted, s.since), now() + interval '1 min') c
), steps as (
  select at, at < (select max(high) from gap) and at + step > (select min(low) from gap) as unknown
  from span, generate_series(since, now(), step) at
), sums as (
  select date_bin(step, p.at, since) as at, sum(received) as received, sum(completed) as completed,
    sum(failed) as failed, sum(retried) as retried, rollup_sum(times) as times
  from span, parts p
  group by 1
)
select coalesce(json_agg(case when unknown
    then json_build_object('at', utc(at), 'received', null, 'completed', null, 'failed', null, 'retried', null,
      'p50_ms', null, 'p95_ms', null)
    else json_build_object('at', utc(at), 'received', coalesce(received, 0), 'completed', coalesce(completed, 0),
      'failed', coalesce(failed, 0), 'retried', coalesce(retried, 0), 'p50_ms', rollup_time(times, 0.5),
      'p95_ms', rollup_time(times, 0.95)) end order by at), '[]'),
  (select json_build_object('received', coalesce(sum(received), 0), 'completed', coalesce(sum(completed), 0),
     'failed', coalesce(sum(failed), 0), 'retried', coalesce(sum(retried), 0),
     'p50_ms', rollup_time(rollup_sum(times), 0.5), 'p95_ms', rollup_time(rollup_sum(times), 0.95)) from parts),
  coalesce(bool_or(unknown), false)
from steps left join sums using (at)
