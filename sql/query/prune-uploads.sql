-- Deletes at most $1 uploads that were over $2 days ago and of which nothing else
-- is kept; gives how many.
with gone as (
  delete from uploads where id in (
    select u.id from uploads u
    where u.finished_at < now() - make_interval(days => $2::int)
      and not exists (select from upload_pieces p where p.upload_id = u.id)
      and not exists (select from upload_rejects r where r.upload_id = u.id)
    order by u.id limit $1::int)
  returning 1
)
select count(*) from gone
