-- Deletes webhook $1: hides it, removes its secrets and headers, and skips its waiting deliveries.
-- Its log stays.
with gone as (
  update webhooks
  set deleted_at = now(), enabled = false, secret = null, previous_secret = null, headers = '{}'
  where id = $1::bigint and deleted_at is null
  returning id
), forgotten as (
  delete from old_secrets o using gone w where o.webhook_id = w.id
), skipped as (
  update deliveries d
  set state = 'skipped', due_at = null, ended_at = now(), error = 'the webhook was deleted'
  from gone w where d.webhook_id = w.id and d.due_at is not null
)
select id from gone
