-- Stores piece $2 of the rejects of the upload $1.
with quick as (
  select set_config('synchronous_commit', 'off', true)
)
insert into upload_rejects (upload_id, n, body) select $1::bigint, $2::int, $3::bytea from quick
