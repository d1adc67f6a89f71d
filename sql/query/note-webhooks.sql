-- How the webhooks $1 did: failures in a row $2, whether that follows a success
-- $3, seconds to pause as they asked $4, why they are to be disabled $5. One
-- that has failed for $6 seconds (0: never), and 20 times, is disabled too; what
-- waits for a disabled one is skipped. What was given up since one began to fail is
-- due once more, oldest first, when it succeeds; each delivery once. Queues the events webhook.disabled and,
-- of one that failed five times in a row or gave something up, webhook.recovered.
with done as (
  select * from unnest($1::bigint[], $2::int[], $3::boolean[], $4::int[], $5::text[])
    as d(id, failures, after_success, pause, reason)
), noted as (
  update webhooks w
  set failures = d.failures + case when d.after_success then 0 else w.failures end,
    failing_since = case when d.failures > 0
      then coalesce(case when not d.after_success then w.failing_since end, now()) end,
    paused_until = greatest(w.paused_until, now() + make_interval(secs => d.pause)),
    enabled = v.reason is null, disabled_reason = v.reason
  from done d
  cross join lateral (
    select coalesce(d.reason, (
      select format('failed %s times in a row since %s', w2.failures + d.failures, utc(w2.failing_since))
      from webhooks w2
      where w2.id = d.id and $6::int > 0 and not d.after_success and d.failures > 0
        and w2.failures + d.failures >= 20
        and w2.failing_since <= now() - make_interval(secs => $6))) as reason,
      (select failing_since from webhooks w3 where w3.id = d.id) as failing_since,
      (select failures from webhooks w3 where w3.id = d.id) as failures
  ) v
  where w.id = d.id and w.enabled
  returning w.id, w.disabled_reason, d.after_success and w.enabled as recovered, v.failing_since as since,
    split_part(w.url, '/', 3) as host, w.failures, v.failures as failures_before
), lost as (
  select d.webhook_id, d.id, row_number() over (partition by d.webhook_id order by d.id) as place
  from noted n
  join deliveries d on d.webhook_id = n.id and d.state = 'given_up' and d.tries_before = 0
    and d.ended_at >= coalesce(n.since, now())
  where n.recovered
), resent as (
  update deliveries d
  set state = 'waiting', tries_before = d.tries, due_at = now() + l.place * interval '1 millisecond',
    ended_at = null, error = null
  from lost l where d.webhook_id = l.webhook_id and d.id = l.id
), skipped as (
  update deliveries d
  set state = 'skipped', due_at = null, ended_at = now(), error = 'the webhook was disabled: ' || n.disabled_reason
  from noted n
  where n.disabled_reason is not null and d.webhook_id = n.id and d.due_at is not null
), about (type, id, data) as (
  select 'webhook.disabled', n.id, json_build_object('failing_since', utc(n.since), 'failures', n.failures,
    'host', n.host, 'reason', n.disabled_reason, 'webhook_id', n.id)
  from noted n where n.disabled_reason is not null
  union all
  select 'webhook.recovered', n.id, json_build_object('failing_since', utc(n.since), 'failures', n.failures_before,
    'host', n.host, 'sent_again', l.n, 'webhook_id', n.id)
  from noted n cross join lateral (select count(*) as n from lost where webhook_id = n.id) l
  where n.recovered and (n.failures_before >= 5 or l.n > 0)
), told as (
  insert into outbox (type, subjects, data)
  select type, array[id], array[data] from about where event_wanted(type)
)
select id, disabled_reason from noted where disabled_reason is not null
