-- What is known of the privacy requests $1, as JSON.
select row_to_json(q)
from (
  select id, kind, shop, customer_id, request_id, orders as external_order_ids, held as order_ids,
    missing as missing_external_order_ids, bodies, utc(received_at) as received_at, utc(done_at) as done_at
  from privacy_requests where id = any($1::bigint[])
) q
order by q.id desc
