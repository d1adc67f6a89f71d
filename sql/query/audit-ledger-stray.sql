-- Ledger rows without a reason, or of an order or a run that does not exist.
select l.order_id, l.product_id, o.external_id::text,
  format('ledger row %s: %s, run %s', l.id, coalesce(l.reason, 'no reason'), coalesce(l.run::text, 'none')),
  case when l.order_id is null then 'an order, or a reason that needs none'
       when o.id is null then 'an order that is there'
       else format('a run from 1 to %s', o.run) end,
  count(*) over ()
from ledger l
left join orders o on o.id = l.order_id
where l.reason is null or (l.order_id is null) <> (l.reason in ('set', 'add', 'count', 'import'))
  or (l.order_id is not null and (o.id is null or l.run is null or l.run not between 1 and o.run))
order by l.product_id, l.id
limit $1::int
