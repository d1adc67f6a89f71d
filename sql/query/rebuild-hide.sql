-- Hides the products with the SKUs $1, a JSON array, or shows all of them again if it is empty.
update products
set deleted_at = case when $1::text <> '[]' then now() end
where case when $1::text <> '[]' then lower(sku) in (select json_array_elements_text($1::text::json))
           else deleted_at is not null end
