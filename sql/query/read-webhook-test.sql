-- What it takes to test webhook $1: its URL, secrets, headers, timeout and form; of the
-- first type of event it asks for, an example out of the newest product or order;
-- and the time.
with hook as (
  select w.*, webhook_old_secrets(w) as old_secrets, case when split_part(event_types[1], '.', 2) in ('', '*')
      then case split_part(event_types[1], '.', 1) when 'order' then 'order.completed'
        when 'inventory' then 'inventory.low' else 'product.created' end
      else event_types[1] end as type
  from webhooks w where id = $1::bigint and deleted_at is null
)
select url, secret, old_secrets, nullif(headers, '{}'),
  timeout, type,
  coalesce(case when type ~ '^(webhook|delivery)[.]' then json_build_object('test', true, 'webhook_id', $1)
    when type like 'order.%'
    then (select order_data(o) from orders o order by id desc limit 1)
    else (select product_data(p) from products p where deleted_at is null order by id desc limit 1) end,
    '{"test": true}'),
  floor(extract(epoch from now()))::bigint, to_hex((extract(epoch from now()) * 1000000)::bigint), form = 'cloudevents'
from hook
