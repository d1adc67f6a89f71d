-- Ids of products that match, among the newest $19 ids. $1-$4: see lib/web/paging.h;
-- $5-$13: see product_matches; $14-$17: details_match; $18: the category.
with span as (
  select least($1::bigint, (select max(id) + 1 from products)) - $19::bigint as floor
), matched as materialized (
  select p.id from products p
  where p.id < $1 and p.id >= (select floor from span)
    and product_matches(p, $5::boolean, $6::text, $7::boolean, $8::text, $9::boolean, $10::text,
      $11::boolean, $12::text, $13::boolean)
    and details_match(p.details, $14::text, $15::text, $16::text, $17::text)
    and ($18::text is null or lower(p.category) = lower($18))
  order by p.id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*),
  (select floor from span where exists (select from products p where p.id < floor and p.deleted_at is null))
from matched
