-- Ours of the orders of shop $1 with Shopify's ids $2, at most $3.
select id from orders where shop = $1::text and external_id = any ($2::bigint[]) order by id limit $3::int
