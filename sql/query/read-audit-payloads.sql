-- The payloads of the $2 orders after the id $1, by order and as they came, for the audit. The body is null
-- where retention removed it. Times are microseconds since 1970.
select o.id, o.external_id::text, o.status, coalesce((extract(epoch from o.history_before) * 1000000)::bigint, 0),
  p.topic, coalesce(p.history, false), (extract(epoch from p.triggered_at) * 1000000)::bigint,
  convert_from(p.body, 'UTF8'), o.unpaid is not null
from (select id, external_id, status, history_before, unpaid from orders where id > $1::bigint order by id limit $2::int) o
left join payloads p on p.order_id = o.id
order by o.id, p.id
