-- The SKUs, lower case, of lines that count, above $1; $2 of them. One longer than a product's may be has none.
select distinct lower(sku) as sku
from order_items
where sku is not null and skip is null and char_length(sku) <= 255 and lower(sku) > $1::text
order by 1
limit $2::int
