-- Makes events of the oldest rows of the outbox, of about $1 subjects, and a
-- delivery of each event for each webhook that asks for it and whose filter it passes: for one that is disabled
-- a skipped one, which can be replayed. Processes take turns, and one whose turn it is not makes
-- none: so that events become visible in the order of their ids, and who has read up to one has
-- missed no earlier one.
with turn as materialized (
  select pg_try_advisory_xact_lock(hashtextextended('expand-outbox', 0)) as ours
), locked as materialized (
  select o.id, cardinality(o.subjects) as n
  from turn t cross join lateral (select id, subjects from outbox where t.ours order by id limit 256 for update skip locked) o
), chosen as (
  select id from (select id, sum(n) over (order by id) - n as before from locked) l
  where before < $1::int
), taken as (
  delete from outbox o using chosen c where o.id = c.id
  returning o.id, o.type, o.subjects, o.data, o.changed, o.created_at
), told as (
  insert into events (sequence, type, subject, data, created_at)
  select t.id, t.type, s.subject, event_data(coalesce(s.data, product_data(p)), s.changed), t.created_at
  from taken t
  cross join unnest(t.subjects, t.data, t.changed) s(subject, data, changed)
  left join products p on s.data is null and p.id = s.subject
  where s.data is not null or p.id is not null
  order by t.id
  returning id, type, subject, event_about(type, data) as about,
    case when exists (select from webhooks where filter is not null and deleted_at is null) then event_json(data) end as data
), aimed as (
  select t.id, w.id as webhook_id, w.enabled, w.disabled_reason,
    case when w.in_order and w.enabled then event_lane(t.type, t.subject) end as lane
  from told t
  join webhooks w on w.deleted_at is null and w.event_types && event_names(t.type)
    and w.id is distinct from t.about
    and (w.filter is null or event_passes(w.filter, t.data))
), made as (
  insert into deliveries (event_id, webhook_id, lane, state, due_at, ended_at, error)
  select w.id, w.webhook_id, w.lane, case when w.enabled then 'waiting' else 'skipped' end,
    case when not w.enabled then null
      when w.lane is not null and (row_number() over (partition by w.webhook_id, w.lane order by w.id) > 1
        or exists (select from deliveries d
                   where d.webhook_id = w.webhook_id and d.lane = w.lane and d.due_at is not null))
      then '9999-01-01Z' else now() end, case when not w.enabled then now() end,
    case when not w.enabled then 'the webhook was disabled' || coalesce(': ' || w.disabled_reason, '') end
  from aimed w
  order by w.id
)
select count(*) from told
