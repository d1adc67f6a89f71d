-- What went wrong with the intake, and with webhooks, since the last scan, and forgets what is right again. $1: minutes without
-- a webhook that are silence, 0 for never; $2: seconds after its event that a webhook is late, 0 for never.
with shops as (
  select shop, max(last_at) as last_at,
    (array_agg(lag_seconds order by last_at desc) filter (where lag_seconds is not null))[1] as lag,
    max(last_at) filter (where topic ~* '^app[/._]uninstalled$') as uninstalled_at
  from intake_seen group by shop
), wrong as (
  select shop, 'silence' as kind, extract(epoch from now() - last_at)::bigint as seconds
  from shops
  where $1::int > 0 and last_at < now() - make_interval(mins => $1)
  union all
  select shop, 'lateness', lag from shops where $2::int > 0 and lag > $2
  union all
  select shop, 'uninstalled', extract(epoch from now() - uninstalled_at)::bigint
  from shops where uninstalled_at = last_at
  union all
  select '', 'quarantine', extract(epoch from now() - min(received_at))::bigint
  from quarantine having count(*) > 0
), hooks as (
  select id, case when enabled then 'webhook_failing' else 'webhook_disabled' end as kind,
    extract(epoch from now() - failing_since)::bigint as seconds
  from webhooks
  where deleted_at is null and (disabled_reason is not null and not enabled
    or enabled and failing_since <= now() - interval '1 hour')
), right_again as (
  delete from intake_alarms a
  where not exists (select from wrong w where w.shop = a.shop and w.kind = a.kind)
), hooks_right_again as (
  delete from webhook_alarms a
  where not exists (select from hooks h where h.id = a.webhook_id and h.kind = a.kind)
), hooks_told as (
  insert into webhook_alarms (webhook_id, kind) select id, kind from hooks order by id, kind
  on conflict do nothing
  returning webhook_id, kind
), told as (
  insert into intake_alarms (shop, kind) select shop, kind from wrong order by shop, kind
  on conflict do nothing
  returning shop, kind
)
select w.shop, w.kind, w.seconds, null::bigint from wrong w join told t on t.shop = w.shop and t.kind = w.kind
union all
select '', h.kind, coalesce(h.seconds, 0), h.id
from hooks h join hooks_told t on t.webhook_id = h.id and t.kind = h.kind
order by 1, 2, 4
