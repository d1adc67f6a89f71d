-- Ends the upload $1, which was not received completely, with the reason $2.
update uploads set status = 'failed', error_message = $2::text, finished_at = now(), change = change + 1
where id = $1::bigint and status = 'receiving'
