-- Deliveries whose end does not follow from their recorded attempts: each attempt is one row, the
-- last one of a delivered event was answered with success, and no delivery ended without an
-- attempt.
select case when e.type like 'order.%' then e.subject end, case when e.type not like 'order.%' then e.subject end,
  null::text, format('delivery %s, %s, with %s of %s tries recorded', d.id, d.state, coalesce(a.n, 0), d.tries),
  case when d.state = 'delivered' and not coalesce(a.good, false) then 'one that was answered with 200 to 299'
    else 'each of them recorded once' end, count(*) over ()
from deliveries d
left join events e on e.id = d.event_id
left join (
  select delivery_id, count(*) as n, count(distinct number) as numbers, max(number) as last,
    bool_or(http_status between 200 and 299) as good
  from attempts group by delivery_id
) a on a.delivery_id = d.id
where d.tries <> coalesce(a.n, 0) or a.n <> a.numbers or a.last <> d.tries
  or (d.state = 'delivered' and not coalesce(a.good, false)) or (d.state = 'given_up' and d.tries = 0)
order by d.id
limit $1::int
