-- Deletes up to $1 imports of more than $2 days ago of which no change is kept; returns how many.
with gone as (
  delete from imports where id in (
    select i.id from imports i
    where i.at < now() - make_interval(days => $2::int)
      and not exists (select from import_changes c where c.import_id = i.id)
    order by i.id limit $1::int)
  returning 1
)
select count(*) from gone
