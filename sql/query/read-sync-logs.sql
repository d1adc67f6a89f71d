-- The sync logs $1 as JSON, with what their orders are called and are now.
select row_to_json(l)
from (
  select id, coalesce(task_id, concat_ws('-', 'order', order_id, run)) as task_id, task_name, order_id,
    attempt, status, details, error as error_message, duration_ms, worker, utc(created_at) as created_at,
    (select coalesce(nullif(btrim(o.name), ''), o.external_id::text) from orders o where o.id = order_id) as order_name,
    (select status from orders where id = order_id) as order_status,
    coalesce((select order_can_retry(o) from orders o where o.id = order_id), false) as can_retry
  from sync_logs where id = any($1::bigint[])
) l
order by l.id desc
