-- Changes webhook $1: url $2, event types $3, enabled $4, headers $5, timeout $6,
-- retry_count $7, where not null; the secret to $9 if $8. A secret that another
-- takes the place of goes on signing for $10 seconds, also where that is said
-- twice. To enable it again makes
-- it forget its failures; what waits for one that is disabled is skipped.
with done as (
  update webhooks
  set url = coalesce($2::text, url), event_types = coalesce($3::text[], event_types),
    enabled = coalesce($4::boolean, enabled), headers = coalesce($5::jsonb, headers),
    timeout = coalesce($6::int, timeout), retry_count = coalesce($7::int, retry_count),
    secret = case when $8::boolean then $9::text else secret end,
    previous_secret = case when not $8 or $9 = secret then previous_secret when $9 <> secret then secret end,
    previous_until = case when not $8 or $9 = secret then previous_until
      when $9 <> secret then now() + make_interval(secs => $10::int) end,
    disabled_reason = case when $4 is null then disabled_reason end,
    failures = case when $4 then 0 else failures end,
    failing_since = case when not $4 then failing_since when $4 is null then failing_since end,
    paused_until = case when $4 or $2 is not null then null else paused_until end, updated_at = now()
  where id = $1::bigint and deleted_at is null
  returning id, enabled
), skipped as (
  update deliveries d
  set state = 'skipped', due_at = null, ended_at = now(), error = 'the webhook was disabled'
  from done w where d.webhook_id = w.id and not w.enabled and d.due_at is not null
)
select id from done
