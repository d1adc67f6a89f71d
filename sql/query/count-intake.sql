-- Bodies in quarantine, 10,000 at most; how many seconds ago the last payload came, and how long after its
-- event; null: none came, or it does not say; alarms that are open.
select (select count(*) from (select from quarantine limit 10000) q),
  case when p.id is not null then greatest(extract(epoch from now() - p.received_at), 0)::bigint end,
  case when p.triggered_at is not null
    then greatest(extract(epoch from p.received_at - p.triggered_at), 0)::bigint end,
  (select count(*) from intake_alarms)
from (select max(id) as id from payloads) newest
left join payloads p on p.id = newest.id
