-- Among the next $3 payloads after the id $2: those of orders in which the customer's number or telephone number
-- of request $1 may stand, their bodies in hex, and last a row without an order, with the id that was come to.
-- No row where there are no more, or the request names orders. Of a telephone number its last two digits are looked
-- for, since more may be written in groups.
with request as (
  select * from privacy_requests
  where id = $1::bigint and kind <> 'shop_redact' and orders = '{}' and coalesce(customer_id::text, phone) is not null
), piece as materialized (
  select id from payloads where id > $2::bigint and exists (select from request) order by id limit $3::int
)
select p.id, p.order_id, encode(p.body, 'hex')
from request r
join piece c on true
join payloads p on p.id = c.id and p.shop = r.shop and p.order_id is not null and p.body is not null
where position(convert_to(r.customer_id::text, 'UTF8') in p.body) > 0
  or position(convert_to(right(regexp_replace(r.phone, '\D', '', 'g'), 2), 'UTF8') in p.body) > 0
union all
select max(id), null, null from piece having count(*) > 0
order by 2 nulls last, 1
