-- Deletes up to $1 uploads that ended more than $2 days ago and have neither pieces nor rejects
-- left; returns how many.
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
