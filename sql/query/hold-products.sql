-- Keeps the products $1 from being deleted or renamed meanwhile; false if one of them was deleted already.
with held as (
  select id from products where id = any($1::bigint[]) and deleted_at is null order by id for share
)
select (select count(*) from held) = (select count(distinct id) from unnest($1::bigint[]) id)
