-- Rows without an id that have the new SKU of a product are of it, too.
update incoming i
set old = r.old
from (select distinct on (lower(sku)) lower(sku) as key, old from incoming where old is not null) r
where i.old is null and lower(i.sku) = r.key
