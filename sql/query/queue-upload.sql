-- Queues the upload $1, which is complete, with its file name, options and SHA-256. Does nothing if
-- it is no longer being received.
update uploads set status = 'queued', filename = $2::text, options = $3::jsonb, sha256 = $4::text,
  seen_at = now(), change = change + 1
where id = $1::bigint and status = 'receiving'
returning status
