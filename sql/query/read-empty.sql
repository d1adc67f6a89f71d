-- Whether the database holds neither orders nor products.
select not exists (select from orders) and not exists (select from products)
