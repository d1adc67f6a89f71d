-- What it takes to make the request of the last attempt of delivery $1 again; before the first one, that of now.
select w.url, w.secret, webhook_old_secrets(w), nullif(w.headers, '{}'), d.webhook_id, e.type, e.data,
  floor(extract(epoch from e.created_at))::bigint,
  format('evt_%s_%s', e.id, to_hex((extract(epoch from e.created_at) * 1000000)::bigint)), e.sequence, n.number,
  floor(extract(epoch from coalesce(a.started_at, now())))::bigint, utc(a.started_at),
  w.updated_at > a.started_at is true,
  case when e.type like 'order.%' then
    order_traceparent(e.subject, c.traceparent, t.seed, format('delivery %s %s', d.id, n.number)) end,
  w.form = 'cloudevents', e.subject
from deliveries d
join events e on e.id = d.event_id
join webhooks w on w.id = d.webhook_id
left join traces t on t.one
left join order_traces c on c.order_id = e.subject
left join lateral (
  select number, started_at from attempts where delivery_id = d.id order by number desc, started_at desc limit 1
) a on true
cross join lateral (select coalesce(a.number, d.tries + 1) as number) n
where d.id = $1::bigint
