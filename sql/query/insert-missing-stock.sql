-- A row of stock for each product of `incoming` that has none and gets a
-- quantity; $1: only of products that this import made, from above the id $2 on.
insert into stock (product_id, on_hand, level)
select p.id, 0, 'out'
from incoming i
join products p on lower(p.sku) = lower(i.sku) and p.deleted_at is null
where i.quantity is not null and (not $1::boolean or (p.id > $2::bigint and p.created_at = now()))
order by p.id
on conflict do nothing
