-- Of products that were there before an import: how many are set to the quantity that they had
-- before units of them were sold, and how many units that gives them back; and how many have
-- less than a difference takes away. $1: the quantities of all rows of a SKU are added up; $2:
-- only new products are changed.
with aim as (
  select c.id, s.on_hand,
    case when $1::boolean then sum(i.quantity) over (partition by c.id) else i.quantity end as quantity,
    case when $1 then sum(i.was) over (partition by c.id) else i.was end as was,
    i.counted, c.by_line = c.line as last
  from change c
  join incoming i on i.ctid = c.at
  join stock s on s.product_id = c.id
  where not c.ours and not $2::boolean and ($1 or c.by_line = c.line)
)
select count(*) filter (where was is null), coalesce(sum(quantity - on_hand) filter (where was is null), 0),
  count(*) filter (where on_hand + quantity - was < 0)
from aim a
where last and counted is null and case when was is not null then on_hand + quantity - was < 0
  else quantity > on_hand and quantity = (
    select l.balance from ledger l
    where l.product_id = a.id and l.reason in ('import', 'set', 'add', 'count')
    order by l.id desc limit 1) end
