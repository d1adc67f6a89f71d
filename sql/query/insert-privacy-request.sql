-- Records what Shopify asks about people's data: $1 kind, $2 shop, $3 customer, $4 address, $5 phone,
-- $6 ids of orders, $7 the number of a data request, $8 SHA-256 of the body. No row if a
-- redaction of the same bytes is still to be done, or a request for data of them came before;
-- its commit waits for the standby all the same, as the first did. An empty address or phone is none: everything
-- has it in it.
insert into privacy_requests (kind, shop, customer_id, email, phone, orders, request_id, digest)
select $1::text, $2::text, $3::bigint, nullif(btrim($4::text), ''), nullif(btrim($5::text), ''), $6::bigint[], $7::text, $8::bytea
from commit_waits()
on conflict (shop, kind, digest) where done_at is null or kind = 'data_request' do nothing
returning id
