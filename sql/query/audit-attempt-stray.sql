-- Attempts of a delivery that does not exist.
select null::bigint, null::bigint, null::text, format('%s tries of delivery %s', count(*), a.delivery_id),
  'a delivery that is there', count(*) over ()
from attempts a
where not exists (select from deliveries d where d.id = a.delivery_id)
group by a.delivery_id
order by a.delivery_id
limit $1::int
