-- Request $1 is done: $2 the orders that were found now, $3 how many bodies were marked or reduced. A
-- redaction's record forgets whom it was about, and so do the data requests of the same customer, or shop.
with asked as (
  update privacy_requests d
  set email = null, phone = null
  from privacy_requests r
  where r.id = $1::bigint and r.kind <> 'data_request' and d.kind = 'data_request' and d.shop = r.shop
    and (d.email is not null or d.phone is not null)
    and (r.kind = 'shop_redact' or d.customer_id = r.customer_id or lower(d.email) = lower(r.email)
      or d.phone = r.phone)
)
update privacy_requests r
set done_at = coalesce(done_at, now()), bodies = bodies + $3::int,
  held = (select coalesce(array_agg(distinct i order by i), '{}')
          from unnest(held || case when kind = 'shop_redact' then '{}' else $2::bigint[] end) i),
  missing = array(select i from unnest(orders) i
                  where not exists (select from orders o where o.external_id = i and o.shop = r.shop)),
  email = case when kind = 'data_request' then email end,
  phone = case when kind = 'data_request' then phone end
where id = $1::bigint
