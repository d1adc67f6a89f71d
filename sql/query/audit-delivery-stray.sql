-- Deliveries of an event or to a webhook that does not exist, and second deliveries of an event to
-- the same webhook.
select case when e.type like 'order.%' then e.subject end, case when e.type not like 'order.%' then e.subject end,
  null::text, format('delivery %s of event %s to webhook %s', d.id, d.event_id, d.webhook_id),
  case when e.id is null then 'an event that is there' when w.id is null then 'a webhook that is there'
    else 'one for each webhook' end, count(*) over ()
from (select *, count(*) over (partition by event_id, webhook_id) as copies from deliveries) d
left join events e on e.id = d.event_id
left join webhooks w on w.id = d.webhook_id
where e.id is null or w.id is null or d.copies > 1
order by d.id
limit $1::int
