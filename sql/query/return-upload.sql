-- The upload $1 waits for another importer, as if $2 had not taken it up.
update uploads
set status = 'queued', tries = tries - 1, phase = null, percent = 0, processed = 0, total = null,
  rows_per_second = 0, created = 0, updated = 0, unchanged = 0, superseded = 0, rejected = 0,
  started_at = null, seen_at = now(), change = change + 1
where id = $1::bigint and worker = $2::text and status = 'running'
