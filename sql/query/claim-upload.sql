-- Claims the next upload for the importer $1, by a lease if $2: else by a lock of the session.
select id, task_id, filename, options, bytes, pieces, tries from upload_claim($1::text, $2::boolean)
