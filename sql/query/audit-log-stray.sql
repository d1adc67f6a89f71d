-- Log rows of an order or a run that does not exist.
select l.order_id, null::bigint, o.external_id::text,
  format('log row %s: %s, run %s', l.id, l.status, coalesce(l.run::text, 'none')),
  case when o.id is null then 'an order that is there' else format('a run from 1 to %s', o.run) end,
  count(*) over ()
from sync_logs l
left join orders o on o.id = l.order_id
where l.order_id is not null and (o.id is null or l.run is null or l.run not between 1 and o.run)
order by l.id
limit $1::int
