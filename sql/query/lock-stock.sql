-- Locks stock in order of product, as everything does that locks stock, so that nothing deadlocks.
select product_id, on_hand
from stock
where product_id = any($1::bigint[])
order by product_id
for no key update
