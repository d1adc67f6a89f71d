-- Counts webhooks that are enabled, those of them that are paused, and those that are disabled;
-- rows of the outbox, up to 1,000, and the events that they become; deliveries that are due, that
-- are being sent, and that wait for their time or the end of a pause; deliveries that succeeded,
-- and that were given up or skipped, in the last hour, each up to 10,000; and those that succeeded
-- in the last $1 milliseconds, up to 200,000.
with live as materialized (
  select id, enabled, enabled and (paused or paused_until > now()) as paused from webhooks where deleted_at is null
), told as (
  select cardinality(subjects) as n from outbox limit 1000
), due as (
  select d.sent
  from live w
  cross join lateral (
    select coalesce(leased_until > now(), false) as sent from deliveries
    where webhook_id = w.id and due_at <= now() order by due_at limit 10000
  ) d
  where w.enabled and w.paused is not true limit 10000
), waiting as (
  select
  from live w
  cross join lateral (
    select from deliveries
    where webhook_id = w.id and due_at > case when w.paused then '-infinity' else now() end limit 10000
  ) d
  where w.enabled limit 10000
), failed as (
  select
  from live w
  cross join lateral (
    select from deliveries
    where webhook_id = w.id and state in ('given_up', 'skipped') and ended_at > now() - interval '1 hour'
      and (state = 'given_up' or ended_at > created_at) -- not what was kept for one that is disabled
    limit 10000
  ) d
  limit 10000
)
select (select count(*) from live where enabled), (select count(*) from live where paused),
  (select count(*) from live where not enabled),
  (select count(*) from told), (select coalesce(sum(n), 0) from told),
  (select count(*) from due where not sent), (select count(*) from due where sent),
  (select count(*) from waiting), deliveries_made(now() - interval '1 hour', 10000),
  (select count(*) from failed), deliveries_made(now() - $1::int * interval '1 ms', 200000)
