-- Stores one order if it is new, with its items and payload: what
-- insert-orders does for many, at half the cost for one.
-- $1-$19: the order. $20-$27: one element an item.
with fresh as (
  insert into orders (shop, external_id, status, name, customer_name, customer_email,
    total_amount, currency, test, next_attempt_at, notes, shop_updated_at, shop_triggered_at)
  select $1::text, $2::bigint, case when $9::boolean then 'cancelled' else 'pending' end, $3::text,
    $4::text, $5::text, $6::text::numeric, $7::text, $8::boolean,
    case when not $9::boolean then now() end, $11::text, $10::text::timestamptz,
    $14::text::timestamptz
  where not exists (select from orders where external_id = $2::bigint and shop = $1::text)
    -- The same bytes for another shop are for find-replay to judge.
    and not exists (
      select from (select id, shop from orders where external_id = $2::bigint order by shop) r
      join payloads p on p.order_id = r.id
      where r.shop <> $1::text and p.digest = $18::bytea)
  on conflict (external_id, shop) do nothing
  returning id
), items as (
  insert into order_items (order_id, line_no, external_id, sku, name, quantity, current, target,
    unit_price, skip, product_id)
  select f.id, i.line_no, i.external_id, i.sku, i.name, i.quantity, i.current,
    case when k.skip is null and not $9::boolean then i.current else 0 end, i.price::numeric, k.skip, p.id
  from fresh f, unnest($20::int[], $21::bigint[], $22::text[], $23::text[], $24::int[], $25::int[],
    $26::text[], $27::text[])
    as i(line_no, external_id, sku, name, quantity, current, price, skip)
  left join lateral (
    select q.id, q.stocked from products q
    where lower(q.sku) = lower(i.sku) and q.deleted_at is null limit 1) p on true
  cross join lateral (select line_skip(i.skip, p.stocked) as skip) k
), kept as (
  insert into payloads (order_id, shop, topic, webhook_id, triggered_at, api_version, event_id, history,
    digest, body, note)
  select f.id, $1::text, $12::text, $13::text, $14::text::timestamptz, $15::text, $16::text,
    $17::text::boolean, $18::bytea, $19::bytea,
    case when exists (select from payloads o where o.webhook_id = $13::text)
         then 'this webhook id came before, with another body' end
  from fresh f
)
select id from fresh
