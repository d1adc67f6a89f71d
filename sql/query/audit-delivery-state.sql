-- Deliveries that have neither ended nor wait for a time within the longest possible wait; that
-- have been claimed for longer than any request takes; or that were given up or skipped without a
-- reason.
select case when e.type like 'order.%' then e.subject end, case when e.type not like 'order.%' then e.subject end,
  null::text, format('delivery %s, %s%s%s%s', d.id, d.state, ', due at ' || d.due_at, ', claimed until ' || d.leased_until,
    ', since ' || d.ended_at),
  case when d.state <> 'waiting' then 'when it ended, and why'
       when d.due_at < now() + interval '8 days' then 'claimed for 10 minutes at most'
       else 'a time within 8 days' end, count(*) over ()
from deliveries d
left join events e on e.id = d.event_id
where (d.state = 'waiting') <> (d.due_at is not null) or (d.state = 'waiting') <> (d.ended_at is null)
  or (d.due_at > now() + interval '8 days' and not (d.due_at = '9999-01-01Z' and d.lane is not null and exists (
    select from deliveries f where f.webhook_id = d.webhook_id and f.lane = d.lane and f.due_at is not null and f.id < d.id)))
  or d.leased_until > now() + interval '10 minutes'
  or (d.state not in ('waiting', 'delivered') and coalesce(d.error, '') = '')
order by d.id
limit $1::int
