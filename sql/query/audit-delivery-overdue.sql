-- Deliveries whose time came more than $2 seconds ago, though their webhook takes
-- them and nobody has them in hand; and any that wait for one that takes none.
select case when e.type like 'order.%' then e.subject end, case when e.type not like 'order.%' then e.subject end,
  null::text,
  format('delivery %s to webhook %s, %s', d.id, w.id, case when w.enabled and w.deleted_at is null
    then format('due for %s s', round(extract(epoch from now() - d.due_at))) else 'waiting' end),
  case when w.enabled and w.deleted_at is null then format('tried within %s s', $2::int)
    else 'skipped, for the webhook is disabled or deleted' end, count(*) over ()
from webhooks w
join deliveries d on d.webhook_id = w.id and d.due_at is not null
left join events e on e.id = d.event_id
where not w.enabled or w.deleted_at is not null
  or greatest(d.due_at, d.leased_until, w.paused_until) < now() - make_interval(secs => $2::int)
order by d.id
limit $1::int
