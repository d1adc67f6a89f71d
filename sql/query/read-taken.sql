-- What the orders $1 have off the shelf now, by product.
select l.order_id, l.product_id, p.sku, -sum(l.delta)
from ledger l
join products p on p.id = l.product_id
where l.order_id = any($1::bigint[])
group by l.order_id, l.product_id, p.sku
having sum(l.delta) <> 0
