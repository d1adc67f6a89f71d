-- Makes due what comes next in the lanes of the deliveries $2 of the webhooks $1, which ended.
with lanes as (
  select distinct d.webhook_id, d.lane
  from unnest($1::bigint[], $2::bigint[]) g(webhook_id, id)
  join deliveries d on d.webhook_id = g.webhook_id and d.id = g.id
  where d.lane is not null
)
update deliveries d set due_at = now()
from lanes l
cross join lateral (
  select id, due_at from deliveries
  where webhook_id = l.webhook_id and lane = l.lane and due_at is not null
  order by id limit 1) n
where n.due_at = '9999-01-01Z' and d.webhook_id = l.webhook_id and d.id = n.id
