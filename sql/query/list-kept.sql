-- The next $2 products from above the id $1 on that an undo leaves as they are, and why.
select k.product_id, p.sku, string_agg(distinct k.why, ', ')
from kept k
join products p on p.id = k.product_id
where k.product_id > $1::bigint
group by k.product_id, p.sku
order by k.product_id
limit $2::int
