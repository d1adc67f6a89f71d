-- Ours of the orders of shop $1 with Shopify's ids $2, at most $3. If it has none of them, those with the
-- address $4.
with named as (
  select id from orders where shop = $1::text and external_id = any ($2::bigint[]) order by id limit $3::int
)
select id from named
union all
select id from (
  select id from orders
  where lower(customer_email) = lower($4::text) and shop = $1 and cardinality($2) > 0
    and not exists (select from named)
  order by id limit $3) addressed
