-- How far $2 is with the upload $1: phase, percent, rows so far and in all,
-- rows a second, created, updated, unchanged, superseded, rejected, and what was told. Says
-- whether to stop; nothing if it is in other hands. What a crash loses of
-- it is told again.
with quick as (
  select set_config('synchronous_commit', 'off', true)
)
update uploads
set phase = $3::text, percent = greatest(percent, $4::int), processed = $5::bigint, total = $6::bigint,
  rows_per_second = $7::bigint, created = $8::bigint, updated = $9::bigint, unchanged = $10::bigint,
  superseded = $11::bigint, rejected = $12::bigint, report = $13::jsonb, seen_at = now(), change = change + 1
from quick
where id = $1::bigint and worker = $2::text and status = 'running'
returning cancel_wanted
