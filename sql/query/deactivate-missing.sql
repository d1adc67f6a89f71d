-- Makes the products of `missing` inactive, keeps that for the part $2 of the import $1, and queues
-- webhook events. Returns how many.
with locked as (
  select p.id, p.active, p.updated_at
  from missing m
  join products p on p.id = m.id
  where p.deleted_at is null and p.active
  order by p.id
  for no key update of p
), kept as (
  insert into import_changes (import_id, part, line, product_id, mask, active, updated_at)
  select $1::bigint, $2::int, 0, id, 32, active, updated_at from locked
), done as (
  update products p
  set active = false, updated_at = import_time(p.updated_at)
  from locked l
  where p.id = l.id
  returning p.id
)
select count(*), product_updates(array_agg(id order by id),
  array_fill('{"active": [true, false]}'::json, array[count(*)::int])) from done
