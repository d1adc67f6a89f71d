-- Claims deliveries that have ended, as claim-deliveries does those that are
-- due: the delivery $1, or up to $3 that failed not before $2. They are ours for
-- the time of one request and $4 seconds.
with ended as materialized (
  select d.webhook_id, d.id, w.timeout
  from deliveries d
  join webhooks w on w.id = d.webhook_id and w.enabled and w.deleted_at is null
  where d.state <> 'waiting' and d.id = $1::bigint
    or $1 is null and d.state in ('given_up', 'skipped') and d.ended_at >= $2::timestamptz
  order by d.id limit $3::int
  for no key update of d skip locked
), ours as (
  update deliveries d
  set state = 'waiting', tries_before = d.tries, ended_at = null, error = null, due_at = now(),
    leased_until = now() + make_interval(secs => e.timeout + $4::int)
  from ended e where d.webhook_id = e.webhook_id and d.id = e.id
  returning d.id, d.event_id, d.webhook_id, d.tries, d.tries_before
)
select d.id, d.webhook_id, d.tries, d.tries_before, e.id, e.sequence, e.type, e.data,
  floor(extract(epoch from e.created_at))::bigint, to_hex((extract(epoch from e.created_at) * 1000000)::bigint),
  w.url, w.secret, case when w.previous_until > now() then w.previous_secret end,
  nullif(w.headers, '{}'), w.timeout, w.retry_count, w.failures > 0, e.subject
from ours d
join events e on e.id = d.event_id
join webhooks w on w.id = d.webhook_id
order by d.id
