-- The import $1 is written: it made $2 products and changed $3, in $4 parts. One that changed
-- nothing is not kept; returns its id if it is.
with none as (
  delete from imports i where i.id = $1::bigint and $2::bigint = 0 and $3::bigint = 0
    and not exists (select from import_changes c where c.import_id = i.id)
)
update imports
set created = $2, updated = $3, parts = $4::int,
  last_product = (select last_value from products_id_seq)
where id = $1 and ($2 > 0 or $3 > 0)
returning id
