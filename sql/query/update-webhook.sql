-- Changes webhook $1: url $2, event types $3, enabled $4, headers $5, timeout $6,
-- retry_count $7, retry_for $11, paused $12, rate $14,
-- in_order $15, form $16, filter $17 ({}: none), where not null; the secret to $9 if $8. A
-- retry_count without a retry_for gives exactly that many attempts. A secret that another takes
-- the place of still signs for $10 seconds, also where that is said twice, and so
-- do those before it, each for its own time; with $13 all of them end at once. To
-- enable a webhook again makes it forget its failures; what waits for one that is
-- disabled is skipped.
with kept as (
  insert into old_secrets (webhook_id, secret, until)
  select id, previous_secret, previous_until from webhooks
  where id = $1::bigint and deleted_at is null and $8::boolean and $13::boolean is not true
    and secret <> $9::text and previous_secret <> $9 and previous_until > now()
  on conflict (webhook_id, secret) do update set until = excluded.until
), ended as (
  delete from old_secrets
  where webhook_id = $1::bigint and (until <= now() or $13 or ($8 and ($9 is null or secret = $9)))
), done as (
  update webhooks
  set url = coalesce($2::text, url), event_types = coalesce($3::text[], event_types),
    enabled = coalesce($4::boolean, enabled), headers = coalesce($5::jsonb, headers),
    timeout = coalesce($6::int, timeout), retry_count = coalesce($7::int, retry_count),
    retry_for = coalesce($11::int, case when $7 is null then retry_for else 0 end),
    paused = coalesce($12::boolean, paused), rate = coalesce($14::int, rate),
    in_order = coalesce($15::boolean, in_order), form = coalesce($16::text, form),
    filter = nullif(coalesce($17::jsonb, filter), '{}'),
    secret = case when $8::boolean then $9::text else secret end,
    previous_secret = case when $13 then null when not $8 or $9 = secret then previous_secret
      when $9 <> secret then secret end,
    previous_until = case when $13 then null when not $8 or $9 = secret then previous_until
      when $9 <> secret then now() + make_interval(secs => $10::int) end,
    disabled_reason = case when $4 is null then disabled_reason end,
    failures = case when $4 then 0 else failures end,
    failing_since = case when not $4 then failing_since when $4 is null then failing_since end,
    paused_until = case when $4 or $2 is not null then null else paused_until end, updated_at = clock_timestamp()
  where id = $1::bigint and deleted_at is null
  returning id, enabled, in_order
), skipped as (
  update deliveries d
  set state = 'skipped', due_at = null, ended_at = now(), error = 'the webhook was disabled'
  from done w where d.webhook_id = w.id and not w.enabled and d.due_at is not null
), freed as (
  update deliveries d set due_at = now()
  from done w
  where w.enabled and ($4 or not w.in_order) and d.webhook_id = w.id and d.lane is not null
    and d.due_at = '9999-01-01Z' and (not w.in_order or not exists (
      select from deliveries f
      where f.webhook_id = d.webhook_id and f.lane = d.lane and f.due_at is not null and f.id < d.id))
)
select id from done
