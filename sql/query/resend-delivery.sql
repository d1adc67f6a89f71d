-- Claims the delivery $1, which has ended, as claim-deliveries does with due ones. The claim holds
-- for the time of one request and $2 seconds.
with ended as materialized (
  select d.webhook_id, d.id, w.timeout
  from deliveries d
  join webhooks w on w.id = d.webhook_id and w.enabled and w.deleted_at is null
  where d.id = $1::bigint and d.state <> 'waiting'
  for no key update of d
), ours as (
  update deliveries d
  set state = 'waiting', tries_before = d.tries, ended_at = null, error = null, due_at = now(),
    leased_until = now() + make_interval(secs => e.timeout + $2::int)
  from ended e where d.webhook_id = e.webhook_id and d.id = e.id
  returning d.id, d.event_id, d.webhook_id, d.tries, d.tries_before, d.lane
)
select d.id, d.webhook_id, d.tries, d.tries_before, e.id, e.sequence, e.type, e.data,
  floor(extract(epoch from e.created_at))::bigint, to_hex((extract(epoch from e.created_at) * 1000000)::bigint),
  w.url, w.secret, webhook_old_secrets(w), nullif(w.headers, '{}'), w.timeout, w.retry_count,
  w.failures > 0,
  e.subject, w.retry_for,
  case when e.type like 'order.%' then
    order_traceparent(e.subject, c.traceparent, t.seed, format('delivery %s %s', d.id, d.tries + 1)) end, d.lane is not null,
  w.form = 'cloudevents'
from ours d
left join traces t on t.one
join events e on e.id = d.event_id
left join order_traces c on c.order_id = e.subject
join webhooks w on w.id = d.webhook_id
order by d.id
