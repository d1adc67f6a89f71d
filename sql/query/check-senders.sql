-- Whether webhooks are served: how many senders were active in the last $1 seconds, how many
-- webhooks are enabled, for how many seconds the first delivery has been due that no sender has
-- claimed, and whether a healthy webhook has waited for longer than that. A webhook that fails, or
-- that is slow and being sent to, may fall behind without a fault of the senders; deliveries are
-- claimed from it in order of time.
select (
    select count(*) from (
      select application_name from pg_stat_activity
      where application_name like 'fulfil-notify % %' and datname = current_database()
        and coalesce(state_change > now() - make_interval(secs => $1::int), true)
      union
      select name from presence
      where name like 'fulfil-notify % %' and seen > now() - make_interval(secs => $1::int)) p),
  count(*), coalesce(max(extract(epoch from now() - d.due_at)), 0)::bigint,
  coalesce(bool_or(w.failures = 0 and d.due_at < now() - make_interval(secs => $1) and not exists (
    select
    from (select leased_until from deliveries where webhook_id = w.id and due_at <= now()
          order by due_at limit 1000) f
    where leased_until > now())), false)
from webhooks w
left join lateral (
  select due_at from deliveries
  where webhook_id = w.id and due_at <= now() and (leased_until is null or leased_until <= now())
  order by due_at limit 1
) d on not w.paused and (w.paused_until is null or w.paused_until <= now())
where w.enabled and w.deleted_at is null
