-- Ours of the orders that request $1 is about: those it names, or, where a customer's request names none that is
-- here, those with the customer's address; all of the shop's where the shop is to be forgotten. At most $3, after
-- the id $2.
select o.id
from privacy_requests r
cross join lateral (
  select id from orders where r.kind = 'shop_redact' and shop = r.shop and id > $2::bigint
  union all
  select id from orders
  where r.kind <> 'shop_redact' and external_id = any (r.orders) and shop = r.shop and id > $2
  union all
  select id from orders
  where r.kind <> 'shop_redact' and r.email is not null and lower(customer_email) = lower(r.email)
    and shop = r.shop and id > $2
    and not exists (select from orders n where n.external_id = any (r.orders) and n.shop = r.shop)
) o
where r.id = $1::bigint
order by o.id
limit $3::int
