-- The product that has the SKU $1, in either case.
select id from products where lower(sku) = lower($1::text) and deleted_at is null
