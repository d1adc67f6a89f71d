-- Marks payloads without an order that are about the customer of request $1, or of a fulfillment of an order
-- that it names, or all of its shop's.
insert into payloads_to_reduce (payload_id)
select p.id
from privacy_requests r
join payloads p on p.order_id is null and p.shop = r.shop and p.body is not null
where r.id = $1::bigint and r.kind <> 'data_request'
  and (r.kind = 'shop_redact'
    or position(convert_to(lower(r.email), 'UTF8') in convert_to(lower(encode(p.body, 'escape')), 'UTF8')) > 0
    or position(convert_to(r.customer_id::text, 'UTF8') in p.body) > 0
    or position(convert_to(r.phone, 'UTF8') in p.body) > 0
    or case when r.orders <> '{}' and p.topic ilike 'fulfillment%' then
         substring(encode(p.body, 'escape') from '"order_id"\s*:\s*"?(?:gid://shopify/Order/)?(\d{1,18})')::bigint
           = any (r.orders) end)
on conflict do nothing
