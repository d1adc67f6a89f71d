-- Orders that failed before they had all retries of $2 (RETRY_DELAYS). Waiting does
-- not help an order with a quantity that cannot be read, or one that workers crash on ($3, its reason).
select o.id, null::bigint, o.external_id::text, format('failed at attempt %s of run %s', l.attempt, o.run),
  format('%s retries', cardinality($2::int[])), count(*) over ()
from orders o
join sync_logs l on l.order_id = o.id and l.run = o.run and l.status = 'failure'
where (o.status = 'failed' or o.status = 'completed' and o.error_message is not null)
  and l.attempt <= cardinality($2::int[]) and strpos(l.error, $3::text) = 0
  and not exists (select from order_items i where i.order_id = o.id and i.skip = 'bad_quantity')
order by o.id
limit $1::int
