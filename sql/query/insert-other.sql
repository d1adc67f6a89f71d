-- Stores a payload of a topic that is not followed, once.
insert into payloads (shop, topic, webhook_id, triggered_at, api_version, event_id, digest, body)
values ($1::text, $2::text, $3::text, $4::text::timestamptz, $5::text, $6::text, $7::bytea, $8::bytea)
on conflict (shop, topic, digest) where order_id is null do nothing
returning id
