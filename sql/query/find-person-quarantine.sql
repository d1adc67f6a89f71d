-- What is in quarantine of the customer of request $1, or of its shop, in hex.
select q.id, encode(q.body, 'hex')
from privacy_requests r
join quarantine q on coalesce(q.shop, r.shop) = r.shop
where r.id = $1::bigint and r.kind <> 'data_request' and q.id > $2::bigint
  and q.reason not like '% (without what it said of people)'
  and (r.kind = 'shop_redact'
    or position(convert_to(lower(r.email), 'UTF8') in convert_to(lower(encode(q.body, 'escape')), 'UTF8')) > 0
    or position(convert_to(r.customer_id::text, 'UTF8') in q.body) > 0
    or position(convert_to(r.phone, 'UTF8') in q.body) > 0)
order by q.id
limit $3::int
