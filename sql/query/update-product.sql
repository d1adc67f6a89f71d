-- Gives product $1 the columns of the JSON object $2, and of its details those that it names; null takes one out. Writes nothing if nothing differs, since
-- updated_at is the time of the last change, which never goes back. A new reorder level (null: $3, LOW_STOCK_THRESHOLD)
-- may change the level of the stock; a worse level is a crossing. Queues the webhook event
-- product.updated.
with o as (
  select p as row from products p where p.id = $1::bigint and p.deleted_at is null for no key update
), u as (
  update products p
  set sku = n.sku, name = n.name, description = n.description, category = n.category,
    price = n.price, active = n.active, reorder_level = n.reorder_level, details = n.details,
    updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 microsecond')
  from o, jsonb_populate_record(o.row, $2::jsonb || jsonb_build_object('details', details_with(
    (o.row).details, array(select jsonb_object_keys($2 -> 'details')), jsonb_strip_nulls($2 -> 'details')))) n
  where p.id = (o.row).id and n is distinct from o.row
  returning p as row, p.id, coalesce(p.reorder_level, $3::int) as threshold
), s as (
  update stock s
  set level = stock_level(s.on_hand, u.threshold),
    alert_due = stock_level(s.on_hand, u.threshold) <> 'ok'
      and (s.alert_due or s.level <> stock_level(s.on_hand, u.threshold))
  from u where s.product_id = u.id and s.level <> stock_level(s.on_hand, u.threshold)
)
select (o.row).id, (select product_updates(array[u.id], array[product_changed(o.row, u.row)]) from u where event_wanted('product.updated'))
from o
