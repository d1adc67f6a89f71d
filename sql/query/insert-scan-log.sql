-- Logs one scan of the stock: status, counts, error, milliseconds, who ran it.
insert into sync_logs (task_name, task_id, status, details, error, duration_ms, worker)
values ('sync_inventory', 'scan-' || gen_random_uuid(), $1::text, $2::jsonb, $3::text, $4::int, $5::text)
