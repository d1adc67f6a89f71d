-- Makes deliveries that were given up or skipped at or after $2 due again, those of webhook $1 or
-- (null) of all. Returns no row if there is no such webhook, or it is disabled.
with hook as (
  select id from webhooks where (id = $1::bigint or $1 is null) and enabled and deleted_at is null
), done as (
  update deliveries d
  set state = 'waiting', tries_before = tries, due_at = now(), ended_at = null, error = null
  from hook w
  where d.webhook_id = w.id and d.state in ('given_up', 'skipped') and d.ended_at >= $2::timestamptz
  returning 1
)
select (select count(*) from done) from hook limit 1
