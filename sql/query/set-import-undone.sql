-- The import $1 is taken back; it is logged with the details $2 and the worker $3.
with done as (
  update imports set undone_at = now() where id = $1::bigint returning id
)
insert into sync_logs (task_name, task_id, status, details, duration_ms, worker, attempt, created_at)
select 'undo_import', gen_random_uuid()::text, 'success', $2::jsonb,
  (extract(epoch from clock_timestamp() - now()) * 1000)::int, $3::text, 1, clock_timestamp()
from done
