-- Orders that are first in the line for a product, could have it from what is there, and are neither
-- tried nor looked at.
with first as (
  select distinct on (b.product_id) b.*
  from backorders b
  where b.product_id is not null and not backorder_blocked(b)
  order by b.product_id, b.order_id
)
select o.id, b.product_id, o.external_id::text, format('%s, %s units on hand', o.status, s.on_hand),
  format('an attempt to take %s', b.units), count(*) over ()
from first b
join stock s on s.product_id = b.product_id
join products p on p.id = b.product_id and p.deleted_at is null
join orders o on o.id = b.order_id
where b.units <= s.on_hand and o.next_attempt_at is null
  and not exists (select from backorder_calls c where c.product_id is null or c.product_id = b.product_id)
order by o.id
limit $1::int
