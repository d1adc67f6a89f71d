-- Payloads $1 have the bodies $2 from now on, null where nothing may be left.
with done as (delete from payloads_to_reduce where payload_id = any($1::bigint[]))
update payloads p set body = u.body
from unnest($1::bigint[], $2::bytea[]) as u(id, body)
where p.id = u.id
