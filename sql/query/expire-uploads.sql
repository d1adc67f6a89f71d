-- Uploads that stopped coming, with the program that received them, have failed.
update uploads set status = 'failed', change = change + 1, finished_at = now(),
  error_message = 'it was cut off after ' || bytes || ' bytes'
where status = 'receiving' and seen_at < now() - interval '15 minutes'
