-- Runs of an order with more than one success.
select order_id, null::bigint, null::text, format('%s successes of run %s', count(*), run),
  'one success', count(*) over ()
from sync_logs
where status = 'success' and order_id is not null
group by order_id, run
having count(*) > 1
order by 1
limit $1::int
