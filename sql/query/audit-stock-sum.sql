-- Products whose stock is not their first stock plus the sum of their ledger.
with moved as (
  select product_id, sum(delta) as units from ledger group by product_id
)
select null::bigint, product_id, null::text,
  case when s.on_hand is null then 'a ledger and no stock' else s.on_hand || ' on hand' end,
  format('%s from the start and %s by the ledger: %s', coalesce(s.opening, 0), coalesce(m.units, 0),
    coalesce(s.opening, 0) + coalesce(m.units, 0)), count(*) over ()
from stock s
full join moved m using (product_id)
where s.on_hand is null or s.on_hand <> s.opening + coalesce(m.units, 0)
order by product_id
limit $1::int
