-- Payloads of returns that came before their order line was known, and can be placed now, their
-- bodies in hex. At most $1.
select distinct p.id, p.shop, p.topic, p.webhook_id,
  to_char(p.triggered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p.api_version, p.event_id,
  coalesce(p.history, false), encode(p.body, 'hex')
from unplaced_returns u
join order_changes c on c.kind = 'reverse' and c.external_id = u.reverse_id
join orders o on o.id = c.order_id and o.shop = u.shop
join payloads p on p.id = u.payload_id and p.body is not null
order by p.id
limit $1::int
