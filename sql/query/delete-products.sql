-- Hides the products that match and returns how many; queues a webhook event product.deleted for
-- each. $1-$9: see product_matches; $10-$13: details_match; $14: the category.
with hidden as (
  update products p
  set deleted_at = clock_timestamp(), updated_at = greatest(clock_timestamp(), p.updated_at + interval '1 microsecond')
  where product_matches(p, $1::boolean, $2::text, $3::boolean, $4::text, $5::boolean, $6::text,
    $7::boolean, $8::text, $9::boolean)
  and details_match(p.details, $10::text, $11::text, $12::text, $13::text)
  and ($14::text is null or lower(p.category) = lower($14))
  returning p.id
)
select count(*), product_events('product.deleted', array_agg(id order by id)) from hidden
