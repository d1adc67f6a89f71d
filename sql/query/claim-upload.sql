-- The next upload to import, for $1.
select id, task_id, filename, options, bytes, pieces, tries from upload_claim($1::text)
