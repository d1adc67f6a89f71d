-- Records attempts: delivery $1, number $2, state $3, seconds until the next attempt $4, HTTP
-- status $5, error $6, start of the response body $7, times in milliseconds $8 to $10, microseconds
-- since its start $11, webhook $12; $13 is the worker. An attempt that was recorded already is not
-- recorded again; a delivery that was stopped meanwhile changes only if it succeeded. Counts what became
-- of them by webhook. Queues the event delivery.given_up, but not of deliveries of such events themselves.
with tried as (
  select * from unnest($1::bigint[], $2::int[], $3::text[], $4::int[], $5::int[], $6::text[],
    $7::text[], $8::int[], $9::int[], $10::int[], $11::bigint[], $12::bigint[])
    as t(id, number, state, wait, http_status, error, answer, connect_ms, first_byte_ms, duration_ms,
      ago_us, webhook_id)
), noted as (
  update deliveries d
  set tries = greatest(d.tries, t.number), http_status = t.http_status,
    error = case when d.state = 'skipped' and t.state <> 'delivered' then d.error else t.error end,
    state = case when d.state = 'waiting' or t.state = 'delivered' then t.state else d.state end,
    leased_until = null, due_at = case when d.state = 'waiting' then now() + make_interval(secs => t.wait) end,
    ended_at = case when d.state <> 'waiting' then d.ended_at when t.wait is null then now() end
  from tried t
  where d.webhook_id = t.webhook_id and d.id = t.id
    and (d.tries < t.number or (d.state = 'waiting' and t.state = 'delivered'))
  returning d.id, d.webhook_id, d.event_id, d.state, d.tries, d.http_status, d.error
), sums as materialized (
  select n.webhook_id, count(*) filter (where t.state = 'delivered') as delivered,
    count(*) filter (where t.state = 'waiting') as retried, count(*) filter (where t.state = 'given_up') as given_up,
    coalesce(sum(t.duration_ms), 0) as ms
  from noted n join tried t on t.id = n.id
  group by n.webhook_id
), free as materialized (
  select s.webhook_id, c.id
  from sums s cross join lateral (
    select id from webhook_counts where webhook_id = s.webhook_id order by id limit 1 for no key update skip locked) c
), added as (
  update webhook_counts c
  set delivered = c.delivered + s.delivered, retried = c.retried + s.retried, given_up = c.given_up + s.given_up,
    ms = c.ms + s.ms
  from free f join sums s on s.webhook_id = f.webhook_id
  where c.id = f.id
), begun as (
  insert into webhook_counts (webhook_id, delivered, retried, given_up, ms)
  select webhook_id, delivered, retried, given_up, ms from sums
  where webhook_id not in (select webhook_id from free)
), told as (
  insert into outbox (type, subjects, data)
  select 'delivery.given_up', array_agg(n.id order by n.id), array_agg(json_build_object(
    'delivery_id', n.id, 'error', n.error, 'event', e.type, 'event_id',
    format('evt_%s_%s', e.id, to_hex((extract(epoch from e.created_at) * 1000000)::bigint)),
    'http_status', n.http_status, 'subject', e.subject, 'tries', n.tries, 'webhook_id', n.webhook_id) order by n.id)
  from noted n join events e on e.id = n.event_id
  where n.state = 'given_up' and e.type !~ '^(webhook|delivery)[.]' and event_wanted('delivery.given_up')
  having count(*) > 0
)
insert into attempts (delivery_id, number, http_status, error, answer, connect_ms, first_byte_ms,
  duration_ms, started_at, worker)
select t.id, t.number, t.http_status, t.error, t.answer, t.connect_ms, t.first_byte_ms, t.duration_ms,
  now() - t.ago_us * interval '1 microsecond', $13::text
from tried t join noted n on n.id = t.id
