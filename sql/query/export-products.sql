-- The next products that match, with ids above $1 and with their stock: up to $2, and fewer if
-- their texts exceed about $3 bytes. $4-$12: see product_matches; $13-$16: details_match; $17: the category;
-- $18: with their details.
select id, name, sku, description, active, price, category, quantity, reorder_level, details
from (
  select p.id, p.name, p.sku, p.description, p.active, p.price, p.category,
    coalesce(s.on_hand, 0) as quantity, p.reorder_level,
    case when $18::boolean then p.details end as details,
    coalesce(sum(octet_length(p.name) + coalesce(octet_length(p.description), 0)
      + case when $18 then coalesce(pg_column_size(p.details), 0) else 0 end) over (
      order by p.id rows between unbounded preceding and 1 preceding), 0) as before
  from products p left join stock s on s.product_id = p.id and s.product_id > $1
  where p.id > $1::bigint
    and product_matches(p, $4::boolean, $5::text, $6::boolean, $7::text, $8::boolean, $9::text,
      $10::boolean, $11::text, $12::boolean)
    and details_match(p.details, $13::text, $14::text, $15::text, $16::text)
    and ($17::text is null or lower(p.category) = lower($17))
  order by p.id
  limit $2::int
) n
where before < $3::int
order by id
