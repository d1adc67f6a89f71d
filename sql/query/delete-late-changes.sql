-- Forgets what insert-changes kept of the import $1 and its part $2 of products that others have
-- written meanwhile.
delete from import_changes k
using products p
where k.import_id = $1::bigint and k.part = $2::int and p.id = k.product_id
  and p.updated_at <> import_time(k.updated_at)
