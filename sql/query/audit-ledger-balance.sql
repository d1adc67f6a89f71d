-- Ledger rows whose balance is negative, or is not the balance before plus the change. Ids ascend
-- in the order of a product's changes, since a row is written while its product's stock is locked.
with replay as (
  select l.id, l.order_id, l.product_id, l.delta, l.balance,
    coalesce(lag(l.balance) over (partition by l.product_id order by l.id), s.opening, 0) as before
  from ledger l
  left join stock s on s.product_id = l.product_id
)
select order_id, product_id, null::text, format('ledger row %s with a balance of %s', id, balance),
  format('%s and %s: %s, never below 0', before, delta, before + delta), count(*) over ()
from replay
where balance <> before + delta or balance < 0
order by product_id, id
limit $1::int
