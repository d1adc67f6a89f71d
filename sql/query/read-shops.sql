-- The shops of the stored orders, up to two of them: two mean several.
select min(shop), max(shop) from orders
