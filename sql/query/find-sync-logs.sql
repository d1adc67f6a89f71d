-- Ids of sync logs that match: status $5, task $6, order $7 (null: any), ids
-- from $8, not before $9, below $10, before $11. $1-$4: see lib/web/paging.h. One branch for each index.
with matched as (
  (select id from sync_logs
   where order_id = $7::bigint and status = 'success' and ($5::text is null or $5 = 'success')
     and ($6::text is null or task_name = $6)
     and id < $1::bigint and id >= $8::bigint and created_at >= $9::timestamptz and id < $10::bigint and created_at < $11::timestamptz)
  union all
  (select id from sync_logs
   where order_id = $7 and status <> 'success' and ($5 is null or status = $5)
     and ($6 is null or task_name = $6) and id < $1 and id >= $8 and created_at >= $9 and id < $10 and created_at < $11)
  union all
  (select id from sync_logs
   where $7 is null and $5 <> 'success' and status <> 'success' and status = $5
     and ($6 is null or task_name = $6) and id < $1 and id >= $8 and created_at >= $9 and id < $10 and created_at < $11
   order by id desc limit $4::bigint)
  union all
  (select id from sync_logs
   where $7 is null and ($5 is null or $5 = 'success') and $6 <> 'process_order'
     and task_name <> 'process_order' and task_name = $6 and ($5 is null or status = $5)
     and id < $1 and id >= $8 and created_at >= $9 and id < $10 and created_at < $11
   order by id desc limit $4)
  union all
  (select id from sync_logs
   where $7 is null and ($5 is null or $5 = 'success') and ($6 is null or $6 = 'process_order')
     and ($5 is null or status = $5) and ($6 is null or task_name = $6)
     and id < $1 and id >= $8 and created_at >= $9 and id < $10 and created_at < $11
   order by id desc limit $4)
), counted as (
  select id from matched order by id desc limit $4
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from counted
