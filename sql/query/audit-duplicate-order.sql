-- Orders with the same shop and external id. Every audit-… statement returns up to $1 rows with the
-- columns order_id, product_id, external_order_id, found, expected, and the number of all such
-- rows.
select min(id), null::bigint, external_id::text,
  format('%s orders of %s: %s', count(*), shop, string_agg(id::text, ', ' order by id)),
  'one order', count(*) over ()
from orders
group by external_id, shop
having count(*) > 1
order by 1
limit $1::int
