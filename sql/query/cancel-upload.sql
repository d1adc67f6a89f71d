-- Cancels the upload of the task $1, at once if no importer has claimed it. Returns its id, its
-- status, whether this changed anything, and whether its importer has still to stop.
with known as (
  select id, status from uploads where task_id = $1::uuid
), changed as (
  update uploads u
  set cancel_wanted = true, change = change + 1,
    status = case when held.it then u.status else 'cancelled' end,
    finished_at = case when held.it then u.finished_at else now() end
  from known k, lateral (
    select k.status = 'running' and (upload_is_leased(k.id)
      or not pg_try_advisory_xact_lock(7103224, k.id::int)) as it) held
  where u.id = k.id and u.status in ('receiving', 'queued', 'running')
  returning u.id, u.status
)
select k.id, coalesce(c.status, k.status), c.id is not null, c.status is not distinct from 'running'
from known k left join changed c on true
