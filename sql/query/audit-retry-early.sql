-- Attempts that are not the next one after a retry, or came before the wait of $2 (RETRY_DELAYS),
-- and retries that have no wait there.
with told as (
  select distinct order_id, run from sync_logs where status = 'retry' and order_id is not null
), attempts as (
  select l.id, l.order_id, l.run, l.attempt, l.status, l.created_at,
    lag(l.attempt) over earlier as last, lag(l.status) over earlier as was,
    lag(l.created_at) over earlier as last_at
  from sync_logs l
  join told t on t.order_id = l.order_id and t.run = l.run
  window earlier as (partition by l.order_id, l.run order by l.id)
)
select order_id, null::bigint, null::text,
  format('attempt %s of run %s, a %s', attempt, run, status)
    || coalesce(format(', %s s after attempt %s, a %s',
      round(extract(epoch from created_at - last_at), 3), last, was), ''),
  case when last is null or ($2::int[])[last] is null
       then format('%s retries at most', cardinality($2::int[]))
       else format('attempt %s, %s s later or more', last + 1, ($2::int[])[last]) end,
  count(*) over ()
from attempts
where (status = 'retry' and ($2::int[])[attempt] is null) or was <> 'retry' or attempt <> last + 1
  or created_at < last_at + make_interval(secs => ($2::int[])[last])
order by id
limit $1::int
