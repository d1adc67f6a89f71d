-- The same as find-products, among all of them: for what is rare.
with matched as materialized (
  select id from products
  where id < $1::bigint and deleted_at is null
    and ($5::boolean is null or active = $5)
    and ($6::text is null
      or case when $9::boolean then lower(sku collate "C") like $6
              else lower(sku) like lower($6) end)
    and ($7::text is null
      or case when $10::boolean then lower(name collate "C") like $7
              else lower(name) like lower($7) end)
    and ($8::text is null
      or case when $11::boolean then lower(description collate "C") like $8
              else lower(description) like lower($8) end)
), counted as (
  select id from matched order by id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from counted
