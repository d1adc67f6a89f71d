-- A payload of a topic that we do not follow, kept once.
insert into payloads (shop, topic, webhook_id, digest, body)
values ($1::text, $2::text, $3::text, $4::bytea, $5::bytea)
on conflict (shop, topic, digest) where order_id is null do nothing
returning id
