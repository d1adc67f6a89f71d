-- Stores a body with a valid signature that is not an order.
insert into quarantine (shop, topic, webhook_id, remote_addr, reason, body)
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::bytea)
