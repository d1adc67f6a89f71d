-- Orders that are not finished, though the log says that their last run succeeded.
select o.id, null::bigint, o.external_id::text,
  format('%s%s, and a success of run %s', o.status,
    case when o.next_attempt_at is not null then ' with work to do' else '' end, o.run),
  'no success', count(*) over ()
from orders o
where (o.status in ('pending', 'failed') or o.next_attempt_at is not null)
  and exists (select from sync_logs l where l.order_id = o.id and l.run = o.run and l.status = 'success')
order by o.id
limit $1::int
