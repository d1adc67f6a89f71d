-- The webhooks $1 as JSON: of a secret only whether there is one, its last four
-- characters if it has enough of them, and what is public of a pair of keys;
-- values of headers, and all of the address, only if $2. What waits is counted with what is in the
-- outbox, as far as its first 1000 rows go.
with told as materialized (
  select type, sum(n) as n
  from (select type, cardinality(subjects) as n from outbox order by id limit 1000) o
  group by type
)
select row_to_json(w)
from (
  select id, case when $2::boolean then url else substring(url from '^[^/]+//[^/]+/') || '…' end as url,
    event_types, enabled, secret is not null as has_secret,
    case when length(secret) >= 12 then right(secret, 4) end as secret_hint,
    case when secret ~ '^whsk_[A-Za-z0-9+/]{86}==$'
      then 'whpk_' || encode(substr(decode(substr(secret, 6), 'base64'), 33), 'base64') end as public_key,
    case when previous_until > now() then utc(previous_until) end as previous_secret_until,
    (select coalesce(json_object_agg(h.key, case when $2 then h.value end), '{}')
     from jsonb_each_text(headers) h) as headers,
    timeout, retry_count, retry_for, rate, in_order, form, coalesce(filter, '{}') as filter, paused, disabled_reason,
    case when paused_until > now() then utc(paused_until) end as paused_until, failures,
    utc(failing_since) as failing_since,
    least(10000, (select count(*)
       from (select from deliveries d where d.webhook_id = w.id and d.due_at is not null limit 10000) d)
       + (select coalesce(sum(n), 0) from told where w.enabled and w.event_types && event_names(type)))
      as waiting,
    utc(created_at) as created_at, utc(updated_at) as updated_at
  from webhooks w
  where id = any($1::bigint[]) and deleted_at is null
) w
order by w.id desc
