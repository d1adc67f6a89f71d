-- Makes delivery $1 due once more, if it has ended and its webhook is enabled;
-- answers with its state, whether that was so, and whether the webhook is enabled.
with ready as (
  select d.id from deliveries d
  join webhooks w on w.id = d.webhook_id and w.enabled and w.deleted_at is null
  where d.id = $1::bigint and d.state <> 'waiting'
  for no key update of d
), done as (
  update deliveries d
  set state = 'waiting', tries_before = tries, due_at = now(), ended_at = null, error = null
  from ready r where d.id = r.id
  returning d.id
)
select d.state, exists (select from done), w.enabled and w.deleted_at is null
from deliveries d join webhooks w on w.id = d.webhook_id
where d.id = $1
