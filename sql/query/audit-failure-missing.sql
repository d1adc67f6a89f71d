-- Failed orders, and completed ones of which a change failed, whose last run left no failure in the log,
-- as far as it goes back.
select o.id, null::bigint, o.external_id::text, format('no failure of run %s', o.run), 'one failure',
  count(*) over ()
from orders o
where (o.status = 'failed' or o.status = 'completed' and o.next_attempt_at is null and o.error_message is not null)
  and o.created_at >= coalesce((
    select pruned_before from retention where table_name = 'sync_logs'), '-infinity')
  and not exists (select from sync_logs l
    where l.order_id = o.id and l.run = o.run and l.status = 'failure')
order by o.id
limit $1::int
