-- The shop whose orders are stored, twice; two of them if there are several.
select min(shop), max(shop) from orders
