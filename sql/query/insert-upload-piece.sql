-- Stores piece $3 of the upload $1, which has $2 pieces so far. Does nothing if the upload is no
-- longer being received. It is not flushed to disk: one flush at the end covers all pieces.
with quick as (
  select set_config('synchronous_commit', 'off', true)
), taken as (
  update uploads
  set pieces = pieces + 1, bytes = bytes + length($3::bytea), seen_at = now(), change = change + 1
  from quick
  where id = $1::bigint and status = 'receiving' and pieces = $2::int
  returning id
)
insert into upload_pieces (upload_id, n, body)
select id, $2::int, $3::bytea from taken
returning n
