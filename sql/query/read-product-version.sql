-- What is told of the columns of product $1 that can be edited: another text once one of them differs.
select left(encode(sha256(convert_to(row(sku, name, description, category, price, active, reorder_level)::text, 'UTF8')), 'hex'), 24)
from products where id = $1::bigint and deleted_at is null
