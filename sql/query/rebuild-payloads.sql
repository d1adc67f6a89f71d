-- The next $2 payloads of orders after the id $1, as they came, their bodies in hex: of orders whose
-- payloads are all here. One order only if $3 is not null; else none with a line that was passed over
-- for its product, under a SKU that counts in another line.
select p.id, p.shop, p.topic, p.webhook_id,
  to_char(p.triggered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p.api_version, p.event_id,
  coalesce(p.history, false), encode(p.body, 'hex')
from payloads p
join orders o on o.id = p.order_id
where p.id > $1::bigint and ($3::bigint is null and not rebuild_apart(o) or o.id = $3::bigint)
  and rebuild_whole(o)
order by p.id
limit $2::int
