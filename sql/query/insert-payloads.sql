-- Payloads of known orders: $1 their orders, and $2-$10 one element each.
insert into payloads (order_id, shop, topic, webhook_id, triggered_at, api_version, event_id, history,
  digest, body, note)
select g.order_id, g.shop, g.topic, g.webhook_id, g.triggered_at::timestamptz, g.api_version, g.event_id,
  g.history, g.digest, g.body,
  case when exists (select from payloads o where o.webhook_id = g.webhook_id offset 0)
       then 'this webhook id came before, with another body' end
from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
  $8::boolean[], $9::bytea[], $10::bytea[])
  as g(order_id, shop, topic, webhook_id, triggered_at, api_version, event_id, history, digest, body)
