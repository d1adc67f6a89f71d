-- The import $1, or that of the task $2, locked: its id, time, parts, first and last product, and
-- whether it is undone.
select id, at::text, parts, first_product, last_product, undone_at is not null
from imports
where (id = $1::bigint or task_id = $2::text)
order by id desc limit 1
for update
