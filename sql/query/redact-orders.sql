-- Takes the names of people from the orders $1, from what was told of them and what was answered, and
-- marks their payloads for reduce.c. Returns how many orders had not been redacted.
with fresh as (
  insert into redacted_orders (order_id)
  select id from orders where id = any($1::bigint[]) order by id
  on conflict do nothing
  returning order_id
), named as (
  update orders o set customer_name = null, customer_email = null
  from fresh f where o.id = f.order_id
), marked as (
  insert into payloads_to_reduce (payload_id)
  select p.id from payloads p join fresh f on f.order_id = p.order_id
  where p.body is not null
  on conflict do nothing
), shipped as (
  update shipments s set tracking = '[]'
  from fresh f join orders o on o.id = f.order_id
  where s.shop = o.shop and s.external_order_id = o.external_id and s.tracking <> '[]'
), told as (
  update events v
  set data = order_data_nameless(v.data::jsonb)::json
  from fresh f
  where v.subject = f.order_id and v.type like 'order.%' and v.data::jsonb ? 'customer_email'
  returning v.id
), answered as (
  update attempts a set answer = null
  from told t join deliveries d on d.event_id = t.id
  where a.delivery_id = d.id and a.answer is not null
)
select count(*) from fresh
