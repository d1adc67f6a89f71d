-- Products whose stock is below 0.
select null::bigint, product_id, null::text, on_hand || ' on hand', '0 or more', count(*) over ()
from stock
where on_hand < 0
order by product_id
limit $1::int
