-- Orders that wait for longer than $2 (RETRY_DELAYS) says, counted from the previous attempt. An
-- order without a previous attempt is due at once.
select o.id, null::bigint, o.external_id::text,
  format('%s, after retry %s, due at %s', o.status, o.retry_count, o.next_attempt_at),
  case when o.retry_count = 0 then 'due at once'
       else format('due %s s after %s', ($2::int[])[o.retry_count], l.at) end, count(*) over ()
from orders o
left join lateral (
  select max(created_at) as at from sync_logs l
  where l.order_id = o.id and l.run = o.run and l.status = 'retry'
) l on o.retry_count > 0
where o.next_attempt_at > now() + interval '1 minute'
  and (o.retry_count = 0 or o.next_attempt_at = 'infinity'
    or o.next_attempt_at > l.at + make_interval(secs => ($2::int[])[o.retry_count] + 60))
order by o.id
limit $1::int
