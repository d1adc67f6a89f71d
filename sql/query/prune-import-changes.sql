-- Deletes up to $1 changes of imports of more than $2 days ago; returns how many. They cannot be
-- taken back any more.
with gone as (
  delete from import_changes where ctid = any (array(
    select c.ctid from imports i join import_changes c on c.import_id = i.id
    where i.at < now() - make_interval(days => $2::int) limit $1::int))
  returning 1
)
select count(*) from gone
