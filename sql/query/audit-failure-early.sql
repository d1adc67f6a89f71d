-- Orders that failed before they had all retries of $2 (RETRY_DELAYS). One that nobody can count, or
-- that workers crashed on, is not helped by waiting.
select o.id, null::bigint, o.external_id::text, format('failed at attempt %s of run %s', l.attempt, o.run),
  format('%s retries', cardinality($2::int[])), count(*) over ()
from orders o
join sync_logs l on l.order_id = o.id and l.run = o.run and l.status = 'failure'
where o.status = 'failed' and l.attempt <= cardinality($2::int[])
  and l.error not like '%workers crashed on it three times%'
  and not exists (select from order_items i where i.order_id = o.id and i.skip = 'bad_quantity')
order by o.id
limit $1::int
