-- Deletes up to $1 pieces of uploads that have ended; returns how many.
with gone as (
  delete from upload_pieces where (upload_id, n) in (
    select p.upload_id, p.n from upload_pieces p join uploads u on u.id = p.upload_id
    where u.status in ('completed', 'failed', 'cancelled') limit $1::int)
  returning 1
)
select count(*) from gone
