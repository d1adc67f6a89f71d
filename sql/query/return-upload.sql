-- Returns the upload $1, which the importer $2 had claimed, to the queue, unless it is to be
-- cancelled; adds $3 to its failed attempts, for the reason $4.
update uploads
set status = case when cancel_wanted then 'cancelled' else 'queued' end,
  finished_at = case when cancel_wanted then now() end, tries = tries - 1 + $3::int,
  error_message = $4::text, phase = null,
  percent = 0, processed = 0, total = null, rows_per_second = 0, created = 0, updated = 0, unchanged = 0,
  superseded = 0, rejected = 0, started_at = null, seen_at = now(), change = change + 1
where id = $1::bigint and worker = $2::text and status = 'running'
