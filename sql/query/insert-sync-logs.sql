-- Logs each attempt at an order.
insert into sync_logs (task_name, order_id, run, attempt, status, error, duration_ms, worker)
select 'process_order', order_id, run, attempt, status, error, $6::int, $7::text
from unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::text[])
  as l(order_id, run, attempt, status, error)
