-- Claims deliveries that are due and returns all that is needed to send them: at most $2[i] of the
-- webhook $1[i], at most $3 of any other. A claim holds for the time of one request and $4 seconds;
-- then the delivery is due again for any sender. Of a webhook with a rate as many as it has left; one that
-- somebody else counts or changes just now is passed over, so that nobody waits for one another.
with paced as materialized (
  select w.id, w as now from webhooks w where w.rate > 0 and w.enabled and w.deleted_at is null
  order by w.id for no key update skip locked
), open as materialized (
  select w.id, w.timeout, case when w.rate = 0 then coalesce(k.room, $3::int)
      else least(coalesce(k.room, $3), floor(extract(epoch from now() - rate_from(p.now)) * w.rate)) end as room,
    webhook_old_secrets(w) as old_secrets
  from webhooks w
  left join paced p on p.id = w.id
  left join unnest($1::bigint[], $2::int[]) k(id, room) on k.id = w.id
  where (w.rate = 0 or p.id is not null) and w.enabled and not w.paused and w.deleted_at is null
    and (w.paused_until is null or w.paused_until <= now())
    and (w.rate = 0 or (p.now).rate_until is null or (p.now).rate_until < now())
), due as materialized (
  select o.id as webhook_id, d.id, o.timeout
  from open o
  cross join lateral (
    select id from deliveries
    where webhook_id = o.id and due_at <= now() and (leased_until is null or leased_until <= now())
    order by due_at limit greatest(o.room, 0)::int
    for no key update skip locked
  ) d
), ours as (
  update deliveries d
  set leased_until = now() + make_interval(secs => u.timeout + $4::int)
  from due u where d.webhook_id = u.webhook_id and d.id = u.id
  returning d.id, d.event_id, d.webhook_id, d.tries, d.tries_before, d.lane
), used as (
  update webhooks w set rate_until = rate_from(w) + n * interval '1 s' / w.rate
  from (select webhook_id, count(*) as n from ours group by webhook_id) o
  where w.id = o.webhook_id and w.rate > 0
)
select d.id, d.webhook_id, d.tries, d.tries_before, e.id, e.sequence, e.type, e.data,
  floor(extract(epoch from e.created_at))::bigint, to_hex((extract(epoch from e.created_at) * 1000000)::bigint),
  w.url, w.secret, o.old_secrets, nullif(w.headers, '{}'), w.timeout, w.retry_count, w.failures > 0,
  e.subject, w.retry_for,
  case when e.type like 'order.%' then
    order_traceparent(e.subject, c.traceparent, t.seed, format('delivery %s %s', d.id, d.tries + 1)) end, d.lane is not null,
  w.form = 'cloudevents'
from ours d
left join traces t on t.one
join events e on e.id = d.event_id
left join order_traces c on c.order_id = e.subject
join webhooks w on w.id = d.webhook_id
join open o on o.id = d.webhook_id
order by d.id
