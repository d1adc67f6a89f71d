-- The names of the details of products that match, known ones first: see product_matches for $1-$9,
-- details_match for $10-$13; $14 is the category; $15 is what extra ones begin with.
select k.name
from (
  select distinct jsonb_object_keys(p.details) as name
  from products p
  where p.details is not null
    and product_matches(p, $1::boolean, $2::text, $3::boolean, $4::text, $5::boolean, $6::text,
      $7::boolean, $8::text, $9::boolean)
    and details_match(p.details, $10::text, $11::text, $12::text, $13::text)
    and ($14::text is null or lower(p.category) = lower($14))
) k
order by starts_with(k.name, $15::text), k.name
