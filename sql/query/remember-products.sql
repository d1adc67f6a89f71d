-- The product $2 that the lines of the order $1 with the SKU $3 take from, one element each; where it is
-- null no product has the SKU any more, and where $4 is false it has, but is not kept in stock.
update order_items i
set product_id = u.product_id, skip = case when u.stocked then i.skip else 'not_stocked' end,
  target = case when u.stocked then i.target else 0 end, kept = case when u.stocked then i.kept end
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::boolean[]) as u(order_id, product_id, sku, stocked)
where i.order_id = u.order_id and i.skip is null and lower(i.sku) = lower(u.sku)
  and (i.product_id is distinct from u.product_id or not u.stocked)
