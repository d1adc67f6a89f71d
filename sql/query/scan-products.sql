-- The same as find-products by a scan of all products, for conditions that few match.
with matched as materialized (
  select p.id from products p
  where p.id < $1::bigint
    and product_matches(p, $5::boolean, $6::text, $7::boolean, $8::text, $9::boolean, $10::text,
      $11::boolean, $12::text, $13::boolean)
    and details_match(p.details, $14::text, $15::text, $16::text, $17::text)
    and ($18::text is null or lower(p.category) = lower($18))
), counted as (
  select id from matched order by id desc limit $4::bigint
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from counted
