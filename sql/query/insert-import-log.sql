-- One import: task id $1 (null: a new one), status $2, details $3, error $4,
-- milliseconds $5, worker $6, attempt $7. Its transaction is as old as the import.
insert into sync_logs (task_name, task_id, status, details, error, duration_ms, worker, attempt, created_at)
values ('import_products', coalesce($1::text, gen_random_uuid()::text), $2::text, $3::jsonb, $4::text,
  $5::int, $6::text, $7::int, clock_timestamp())
