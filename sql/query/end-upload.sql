-- The upload $1 is over for $2, as $3, because $4, with these counts: rows,
-- rows a second, created, updated, unchanged, superseded, rejected, and what was told; or cancelled,
-- where somebody wants that and it did not go well anyway. Nothing if it is in
-- other hands, or to be cancelled when it would be completed.
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
