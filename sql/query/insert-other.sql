-- Stores a payload that is of no order that is known, once. A repetition waits for the standby too, as
-- the first did. $9: the lines of reverse fulfillment
-- orders that it names, by which its order may be found later.
with stored as (
  insert into payloads (shop, topic, webhook_id, triggered_at, api_version, event_id, digest, body)
  select $1::text, $2::text, $3::text, $4::text::timestamptz, $5::text, $6::text, $7::bytea, $8::bytea
  from commit_waits()
  on conflict (shop, topic, digest) where order_id is null do nothing
  returning id
), waiting as (
  insert into unplaced_returns (shop, reverse_id, payload_id)
  select distinct $1::text, g.reverse_id, s.id from stored s, unnest($9::bigint[]) as g(reverse_id)
)
select id from stored
