-- Hides the products from above $1 to $2 that the import of the time $3 made, but for those of
-- `kept`. Returns how many.
with hidden as (
  update products p
  set deleted_at = clock_timestamp(), updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 microsecond')
  where p.id > $1::bigint and p.id <= $2::bigint and p.created_at = $3::timestamptz and p.deleted_at is null
    and not exists (select from kept k where k.product_id = p.id and k.part = 0)
  returning p.id
)
select count(*), product_events('product.deleted', array_agg(id)) from hidden
