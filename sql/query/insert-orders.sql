-- Stores the orders that are new, with their items and payloads. Orders that
-- are known already come back without an id.
-- $1-$19: one element an order. $20-$28: one an item, $28 its order's place.
-- Ids are drawn for orders that look new only; `on conflict` knows better. Each
-- is looked up by its key (`offset 0`), whatever was known of sizes.
with given as (
  select * from unnest($1::text[], $2::text[]::bigint[], $3::text[], $4::text[], $5::text[],
    $6::text[]::numeric[], $7::text[], $8::text[]::boolean[], $9::text[]::boolean[],
    $10::text[]::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[]::timestamptz[],
    $15::text[], $16::text[], $17::text[]::boolean[], $18::bytea[], $19::bytea[])
  with ordinality as g(shop, external_id, name, customer_name, customer_email, total, currency,
    test, cancelled, updated_at, notes, topic, webhook_id, triggered_at, api_version, event_id, history,
    digest, body, place)
), fresh as (
  insert into orders (shop, external_id, status, name, customer_name, customer_email,
    total_amount, currency, test, next_attempt_at, notes, shop_updated_at, shop_triggered_at)
  select shop, external_id, case when cancelled then 'cancelled' else 'pending' end, name,
    customer_name, customer_email, total, currency, test, case when not cancelled then now() end,
    notes, updated_at, triggered_at
  from given g
  where not exists (select from orders o
                    where o.external_id = g.external_id and o.shop = g.shop offset 0)
  order by external_id, shop
  on conflict (external_id, shop) do nothing
  returning id, external_id, shop
), placed as (
  select f.id, g.* from fresh f join given g on g.external_id = f.external_id and g.shop = f.shop
), items as (
  insert into order_items (order_id, line_no, external_id, sku, name, quantity, current, target,
    unit_price, skip, product_id)
  select o.id, i.line_no, i.external_id, i.sku, i.name, i.quantity, i.current,
    case when k.skip is null and not o.cancelled then i.current else 0 end, i.price, k.skip, p.id
  from unnest($20::int[], $21::bigint[], $22::text[], $23::text[], $24::int[], $25::int[],
    $26::text[]::numeric[], $27::text[], $28::int[])
    as i(line_no, external_id, sku, name, quantity, current, price, skip, place)
  join placed o on o.place = i.place
  left join lateral (
    select q.id, q.stocked from products q
    where lower(q.sku) = lower(i.sku) and q.deleted_at is null limit 1) p on true
  cross join lateral (select line_skip(i.skip, p.stocked) as skip) k
), kept as (
  insert into payloads (order_id, shop, topic, webhook_id, triggered_at, api_version, event_id, history,
    digest, body, note)
  select p.id, p.shop, p.topic, p.webhook_id, p.triggered_at, p.api_version, p.event_id, p.history,
    p.digest, p.body,
    case when exists (select from payloads o where o.webhook_id = p.webhook_id offset 0)
         then 'this webhook id came before, with another body' end
  from placed p
)
select place, id from placed
