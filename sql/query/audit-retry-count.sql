-- Orders whose retry count differs from the log, as far back as the log goes. A cancelled order
-- counts from 0 again.
with told as (
  select order_id, run, count(*) as retries
  from sync_logs
  where status = 'retry' and order_id is not null
  group by order_id, run
)
select o.id, null::bigint, o.external_id::text,
  format('retry %s of run %s', o.retry_count, o.run),
  format('%s in the log', coalesce(t.retries, 0)), count(*) over ()
from orders o
left join told t on t.order_id = o.id and t.run = o.run
where o.retry_count <> coalesce(t.retries, 0)
  and not (o.status = 'cancelled' and o.retry_count = 0)
  and not (coalesce(t.retries, 0) < o.retry_count and o.created_at < coalesce((
    select pruned_before from retention where table_name = 'sync_logs'), '-infinity'))
order by o.id
limit $1::int
