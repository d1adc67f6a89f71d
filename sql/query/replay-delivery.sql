-- Makes delivery $1 due again if it has ended and its webhook is enabled. Returns its state,
-- whether it did so, and whether the webhook is enabled.
with ready as (
  select d.webhook_id, d.id from webhooks w
  join deliveries d on d.webhook_id = w.id and d.id = $1::bigint
  where w.enabled and w.deleted_at is null and d.state <> 'waiting'
  for no key update of d
), done as (
  update deliveries d
  set state = 'waiting', tries_before = tries, due_at = now(), ended_at = null, error = null
  from ready r where d.webhook_id = r.webhook_id and d.id = r.id
  returning d.id
)
select d.state, exists (select from done), w.enabled and w.deleted_at is null
from webhooks w join deliveries d on d.webhook_id = w.id and d.id = $1
