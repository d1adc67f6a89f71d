-- Ends the upload $1 of the importer $2 with the status $3, the reason $4 and these counts: rows,
-- rows a second, created, updated, unchanged, superseded, rejected, and the messages. It becomes
-- cancelled instead if that was asked for and it did not complete. Changes nothing if another
-- importer has claimed it, or if it would complete but is to be cancelled.
update uploads
set status = case when cancel_wanted then 'cancelled' else $3::text end,
  error_message = case when not cancel_wanted then $4::text end, phase = 'done',
  percent = case when $3::text = 'completed' then 100 else percent end, processed = $5::bigint,
  total = case when $3::text = 'completed' then $5::bigint else total end, rows_per_second = $6::bigint,
  created = $7::bigint, updated = $8::bigint, unchanged = $9::bigint, superseded = $10::bigint,
  rejected = $11::bigint, report = $12::jsonb, seen_at = now(), finished_at = clock_timestamp(), change = change + 1
where id = $1::bigint and worker = $2::text and status = 'running'
  and not (cancel_wanted and $3::text = 'completed')
returning cancel_wanted
