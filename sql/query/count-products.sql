-- Counts all products that match. $1-$9: see product_matches; $10-$13: details_match; $14: the category.
select count(*)
from products p
where product_matches(p, $1::boolean, $2::text, $3::boolean, $4::text, $5::boolean, $6::text,
  $7::boolean, $8::text, $9::boolean)
and details_match(p.details, $10::text, $11::text, $12::text, $13::text)
and ($14::text is null or lower(p.category) = lower($14))
