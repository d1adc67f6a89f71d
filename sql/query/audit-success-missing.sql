-- Completed orders whose last run has no success in the log, if the log goes back that far.
select o.id, null::bigint, o.external_id::text, format('no success of run %s', o.run), 'one success',
  count(*) over ()
from orders o
where o.status = 'completed' and o.next_attempt_at is null and o.error_message is null
  and coalesce(o.processed_at, 'infinity') >= coalesce((
    select pruned_before from retention where table_name = 'sync_logs'), '-infinity')
  and not exists (select from sync_logs l
    where l.order_id = o.id and l.run = o.run and l.status = 'success')
order by o.id
limit $1::int
