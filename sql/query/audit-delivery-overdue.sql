-- Deliveries that have been due for $2 seconds and that no sender has claimed, though their webhook
-- is healthy: it does not fail, has not asked for a pause, and is not busy with earlier deliveries.
-- Also deliveries that wait for a webhook that is disabled.
select case when e.type like 'order.%' then e.subject end, case when e.type not like 'order.%' then e.subject end,
  null::text,
  format('delivery %s to webhook %s, %s', d.id, w.id, case when w.enabled and w.deleted_at is null
    then format('due for %s s', round(extract(epoch from now() - d.due_at))) else 'waiting' end),
  case when w.enabled and w.deleted_at is null then format('tried within %s s', $2::int)
    else 'skipped, for the webhook is disabled or deleted' end, count(*) over ()
from webhooks w
join deliveries d on d.webhook_id = w.id and d.due_at is not null
left join events e on e.id = d.event_id
left join (
  select webhook_id, min(due_at) as due_at from deliveries
  where due_at is not null and leased_until > now() group by webhook_id
) sent on sent.webhook_id = w.id
where not w.enabled or w.deleted_at is not null
  or (w.failures = 0 and not w.paused and (sent.due_at <= d.due_at) is not true
      and greatest(d.due_at, d.leased_until, w.paused_until) < now() - make_interval(secs => $2::int))
order by d.id
limit $1::int
