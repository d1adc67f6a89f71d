-- Creates the upload of the file $1; returns its id and task id.
insert into uploads (filename) values ($1::text) returning id, task_id
