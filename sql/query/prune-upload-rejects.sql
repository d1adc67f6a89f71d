-- Deletes up to $1 pieces of rejects of uploads that ended more than $2 days ago; returns how many.
with gone as (
  delete from upload_rejects where (upload_id, n) in (
    select r.upload_id, r.n from upload_rejects r join uploads u on u.id = r.upload_id
    where u.finished_at < now() - make_interval(days => $2::int) limit $1::int)
  returning 1
)
select count(*) from gone
