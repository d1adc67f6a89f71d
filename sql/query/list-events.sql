-- What happened last: up to $1 of each kind, the older first, with the transaction that wrote it. Ids
-- are drawn before their transactions commit, so it is by these, and the snapshot in the first row,
-- that a reader knows what is new to him. An order comes again with each of its attempts.
with here as materialized (
  select pg_current_snapshot()::text as snapshot, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next
), new_orders as materialized (
  select id from orders order by id desc limit $1::int
), runs as materialized (
  select id, xmin::text::bigint as xid, coalesce(task_id, concat_ws('-', 'order', order_id, run)) as task_id,
    task_name, order_id, attempt, status, details, error as error_message, duration_ms, worker,
    (select coalesce(nullif(btrim(o.name), ''), o.external_id::text) from orders o where o.id = order_id) as order_name,
    utc(created_at) as created_at
  from sync_logs order by id desc limit $1
), told (kind, source, id, xid, data) as (
  select 'order', case when n.id is null then 'change' else 'order' end, o.id, o.xid,
    row_to_json(o)::jsonb - 'xid'
  from (
    select o.id, o.external_id::text as external_order_id, o.status, o.name, o.customer_name,
      o.customer_email, o.total_amount::text, o.currency, o.source, o.shop, o.test, o.retry_count,
      utc(o.next_attempt_at) as next_attempt_at, order_can_retry(o) as can_retry,
      o.error_message, o.notes,
      utc(o.processed_at) as processed_at, utc(o.created_at) as created_at,
      utc(o.updated_at) as updated_at, o.xmin::text::bigint as xid
    from orders o
    where o.id in (select id from new_orders union select order_id from runs where order_id is not null)
  ) o
  left join new_orders n on n.id = o.id
  union all
  select 'task', 'task', r.id, r.xid, row_to_json(r)::jsonb - 'xid' from runs r
  union all
  select 'stock', 'stock', l.id, l.xid, row_to_json(l)::jsonb - 'xid'
  from (
    select l.id, l.product_id, l.delta, l.balance, l.reason, l.note, l.actor,
      utc(l.created_at) as created_at, l.xmin::text::bigint as xid
    from ledger l where l.reason in ('set', 'add', 'count') order by l.id desc limit $1
  ) l
  union all
  select 'import', 'import', u.upload_job_id, u.xid, row_to_json(u)::jsonb - 'xid'
  from (
    select u.id as upload_job_id, u.task_id, u.filename, u.status, u.phase, u.percent, u.processed, u.total,
      u.rows_per_second, u.created, u.updated, u.unchanged, u.superseded, u.rejected, u.error_message,
      utc(u.created_at) as created_at, utc(u.finished_at) as finished_at, u.xmin::text::bigint as xid
    from uploads u order by u.id desc limit $1
  ) u
  union all
  select 'delivery', 'delivery', d.id, d.xid, row_to_json(d)::jsonb - 'xid'
  from (
    select d.id, d.webhook_id, e.type as event, e.subject, d.state as status, d.tries, d.http_status,
      d.error as error_message, utc(nullif(d.due_at, '9999-01-01Z')) as next_attempt_at, utc(d.created_at) as created_at,
      utc(d.ended_at) as ended_at, d.xmin::text::bigint as xid
    from (select o.* from webhooks w
          cross join lateral (select *, xmin from deliveries where webhook_id = w.id order by id desc limit $1) o
          order by o.id desc limit $1) d
    join events e on e.id = d.event_id
  ) d
)
select 'snapshot' as kind, '' as source, null::bigint as xid, snapshot as data, 0 as place, null::bigint as id
from here
union all
select t.kind, t.source, h.next - ((h.next - t.xid) & 4294967295), t.data::text, 1, t.id
from told t, here h
order by place, source desc, id
