-- The uploads $1 and those of the tasks $2 as JSON, the latter with their warnings; of each its change, whether
-- it is over, and its id. One whose importer has gone waits for another.
select row_to_json(u), u.change, u.status not in ('receiving', 'queued', 'running'), u.upload_job_id
from (
  select s.task_id, s.id as upload_job_id, s.filename,
    case when s.status = 'running' and not upload_is_held(s.id) then 'queued' else s.status end as status,
    s.phase, s.percent, s.processed, s.total, s.rows_per_second, s.processed as read, s.created,
    s.updated, s.unchanged, s.superseded, s.rejected, s.error_message,
    s.cancel_wanted and s.finished_at is null as cancelling, s.options, s.bytes, s.sha256,
    utc(s.created_at) as created_at, utc(s.started_at) as started_at, utc(s.finished_at) as finished_at,
    coalesce((s.report->>'passed_over')::bigint, 0) as passed_over,
    coalesce((s.report->>'missing')::bigint, 0) as missing,
    coalesce(s.report->'reject_counts', '[]') as reject_counts,
    coalesce(s.report->'warning_counts', '[]') as warning_counts,
    case when s.task_id = any($2::uuid[]) then coalesce(s.report->'warnings', '[]') end as warnings,
    coalesce(s.report->'change_counts', '{}') as change_counts,
    case when s.task_id = any($2::uuid[]) then coalesce(s.report->'changes', '[]') end as changes,
    i.id as import_id, utc(i.undone_at) as undone_at,
    s.change
  from uploads s
  left join lateral (
    select id, undone_at from imports where task_id = s.task_id::text order by id desc limit 1
  ) i on true
  where s.id = any($1::bigint[]) or s.task_id = any($2::uuid[])
) u
order by u.upload_job_id desc
