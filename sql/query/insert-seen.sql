-- The file has the SKUs $1.
insert into seen (key) select lower(sku) from unnest($1::text[]) as u(sku)
