-- Claims the next upload for the importer $1.
select id, task_id, filename, options, bytes, pieces, tries from upload_claim($1::text)
