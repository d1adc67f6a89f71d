-- Runs of an order that moved a product more than once.
select order_id, product_id, null::text,
  format('%s ledger rows of run %s: %s', count(*), run, string_agg(delta::text, ', ' order by id)),
  'one row', count(*) over ()
from ledger
where order_id is not null
group by order_id, product_id, run
having count(*) > 1
order by 1, 2
limit $1::int
