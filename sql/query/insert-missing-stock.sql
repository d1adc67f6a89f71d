-- The stock of products of `incoming` that have none. One that this import made, from above the id $1
-- on, has the quantity of its last line, or that of all its lines where $2, and its level by the threshold $3,
-- with its row in the ledger, by $4; any other begins with 0, or is left out where $5.
with last as (
  select distinct on (p.id) p.id, p.id > $1::bigint and p.created_at = now() as made,
    count(i.quantity) over (partition by p.id) as said,
    case when $2::boolean then sum(i.quantity) over (partition by p.id) else i.quantity end as quantity,
    coalesce(p.reorder_level, $3::int) as threshold
  from incoming i
  join products p on lower(p.sku) = lower(i.sku) and p.deleted_at is null
  order by p.id, i.line desc
), put as (
  insert into stock (product_id, on_hand, level)
  select id, on_hand, stock_level(on_hand, threshold)
  from last,
    lateral (select case when made then least(coalesce(quantity, 0), 2147483647)::integer else 0 end) q(on_hand)
  where said > 0 and (made or not $5::boolean)
  order by id
  on conflict do nothing
  returning product_id, on_hand
)
insert into ledger (product_id, delta, balance, reason, actor)
select product_id, on_hand, on_hand, 'import', $4::text from put where on_hand > 0
