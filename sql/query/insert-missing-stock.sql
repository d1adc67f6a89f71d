-- A row of stock for each product of `incoming` that has none and gets a
-- quantity.
insert into stock (product_id, on_hand, level)
select p.id, 0, 'out'
from incoming i
join products p on lower(p.sku) = lower(i.sku) and p.deleted_at is null
where i.quantity is not null
order by p.id
on conflict do nothing
