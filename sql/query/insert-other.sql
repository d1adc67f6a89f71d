-- Stores a payload that is of no order that is known, once. A repetition waits for the standby too, as
-- the first did. $9: the lines of reverse fulfillment orders that it names, by which its order may be found
-- later. $10: the order that a fulfillment is of, or null. If the names of that one were removed, what is stored is $11,
-- which names nobody.
with stored as (
  insert into payloads (shop, topic, webhook_id, triggered_at, api_version, event_id, digest, body)
  select $1::text, $2::text, $3::text, $4::text::timestamptz, $5::text, $6::text, $7::bytea,
    case when exists (select from orders o join redacted_orders r on r.order_id = o.id
                      where o.external_id = $10::bigint and o.shop = $1) then $11::bytea else $8::bytea end
  from commit_waits()
  on conflict (shop, topic, digest) where order_id is null do nothing
  returning id
), waiting as (
  insert into unplaced_returns (shop, reverse_id, payload_id)
  select distinct $1::text, g.reverse_id, s.id from stored s, unnest($9::bigint[]) as g(reverse_id)
)
select id from stored
