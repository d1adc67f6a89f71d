-- Ids of rows of the ledger, of the product $5 or the order $6 or both, not
-- before $7 and before $8. $1-$4: see lib/web/paging.h.
with matched as (
  (select id from ledger
   where product_id = $5::bigint and ($6::bigint is null or order_id = $6)
     and id < $1::bigint and created_at >= $7::timestamptz and created_at < $8::timestamptz
   order by id desc limit $4::bigint)
  union all
  (select id from ledger
   where $5 is null and order_id = $6 and id < $1 and created_at >= $7 and created_at < $8
   order by id desc limit $4)
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from matched
