-- Keeps the products $1 from being deleted or renamed meanwhile.
select id from products where id = any($1::bigint[]) order by id for share
