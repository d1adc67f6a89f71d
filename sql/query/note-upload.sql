-- Stores the progress of the importer $2 with the upload $1: phase, percent, rows so far, rows in
-- total, rows a second, created, updated, unchanged, superseded, rejected, and the messages.
-- Returns whether to stop, or no row if another importer has claimed it. A crash may lose some of
-- it; the next call stores it again.
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
