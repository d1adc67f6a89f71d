-- Who came before the order $2, waits for one of the products $1, and would get it from what is there;
-- where $3 is true, those who want more of it too. The stock is locked, so this is all of them.
select b.product_id, b.order_id, b.units
from backorders b
join stock s on s.product_id = b.product_id
where b.product_id = any($1::bigint[]) and b.order_id < $2::bigint
  and ($3::boolean or b.units <= s.on_hand) and not backorder_blocked(b)
order by b.product_id, b.order_id
