-- Keeps others from changing product $1, and those who change its stock through the API from doing so.
select id from products where id = $1::bigint and deleted_at is null for no key update
