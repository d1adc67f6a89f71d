-- Orders without a stored payload. Retention empties payloads but does not delete their rows.
select o.id, null::bigint, o.external_id::text, 'no payload', 'at least one payload', count(*) over ()
from orders o
where not exists (select from payloads p where p.order_id = o.id)
order by o.id
limit $1::int
