-- The privacy request $1 as JSON; for a data request with all that is held: the orders, the payloads as they
-- came, and what is in quarantine of the person.
select row_to_json(q)
from (
  select r.id, r.kind, r.shop, r.customer_id, r.email as customer_email, r.phone as customer_phone, r.request_id,
    r.orders as external_order_ids, r.held as order_ids, r.missing as missing_external_order_ids, r.bodies,
    utc(r.received_at) as received_at, utc(r.done_at) as done_at,
    case when r.kind = 'data_request' then (
      select coalesce(json_agg(d order by o.id), '[]')
      from orders o
      cross join lateral (
        select o.id, o.external_id::text as external_order_id, o.name, o.customer_name, o.customer_email,
          o.total_amount::text, o.currency, utc(o.created_at) as created_at,
          (select coalesce(json_agg(json_build_object('topic', p.topic, 'received_at', utc(p.received_at),
             'body', convert_from(p.body, 'UTF8')::json) order by p.id), '[]')
           from payloads p where p.order_id = o.id and p.body is not null) as payloads) d
      where o.id = any (r.held)) end as orders,
    case when r.kind = 'data_request' then array(
      select q.id from quarantine q
      where coalesce(q.shop, r.shop) = r.shop
        and position(convert_to(lower(r.email), 'UTF8') in convert_to(lower(encode(q.body, 'escape')), 'UTF8')) > 0
      order by q.id) end as quarantine_ids
  from privacy_requests r where r.id = $1::bigint
) q
