-- Locks stock in the one order that everybody uses, so that nobody deadlocks.
select product_id, on_hand
from stock
where product_id = any($1::bigint[])
order by product_id
for no key update
