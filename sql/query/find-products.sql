-- Ids of products that match, among the newest $12 ids. $1-$4: see lib/page.h.
-- $5 active; $6-$8 patterns in lower case for LIKE of sku, name, description;
-- null: any. $9-$11: that pattern is ASCII.
with span as (
  select least($1::bigint, (select max(id) + 1 from products)) - $12::bigint as floor
), matched as materialized (
  select id from products
  where id < $1 and id >= (select floor from span) and deleted_at is null
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
  order by id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*),
  (select floor from span where exists (select from products p where p.id < floor and p.deleted_at is null))
from matched
