-- The orders $1 as JSON, in that order.
select row_to_json(o)
from (
  select o.id, o.external_id::text as external_order_id,
    order_status(o.status, o.next_attempt_at, o.xmax) as status,
    o.name, o.customer_name, o.customer_email, o.total_amount::text, o.currency, o.source, o.shop,
    o.test, o.retry_count, utc(o.next_attempt_at) as next_attempt_at, order_can_retry(o) as can_retry,
    o.error_message, o.notes,
    utc(o.processed_at) as processed_at, utc(o.created_at) as created_at,
    utc(o.updated_at) as updated_at,
    (select coalesce(json_agg(i), '[]')
     from (select line_no, sku, name, quantity, unit_price::text,
             (unit_price * quantity)::text as line_total
           from order_items where order_id = o.id order by line_no) i) as items
  from orders o
  where o.id = any($1::bigint[])
) o
order by array_position($1::bigint[], o.id)
