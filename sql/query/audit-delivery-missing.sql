-- Events that lack the delivery to a webhook that asks for them, and that was enabled and unchanged
-- since well before the event.
select case when e.type like 'order.%' then e.subject end, case when e.type not like 'order.%' then e.subject end,
  null::text, format('event %s, %s, without a delivery to webhook %s', e.id, e.type, w.id),
  'a delivery to each webhook that asks for it', count(*) over ()
from events e
join webhooks w on w.enabled and w.deleted_at is null and w.event_types && event_names(e.type)
  and w.id is distinct from event_about(e.type, e.data) and (w.filter is null or event_passes(w.filter, event_json(e.data)))
  and w.updated_at < e.created_at - interval '2 minutes'
where not exists (select from deliveries d where d.webhook_id = w.id and d.event_id = e.id)
order by e.id, w.id
limit $1::int
