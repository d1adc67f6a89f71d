-- Quarantined bodies $1 become $2.
update quarantine q set body = coalesce(u.body, ''), reason = q.reason || ' (without what it said of people)'
from unnest($1::bigint[], $2::bytea[]) as u(id, body)
where q.id = u.id
