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
    utc(created_at) as created_at
  from sync_logs order by id desc limit $1
), told (kind, source, id, xid, data) as (
  select 'order', case when n.id is null then 'change' else 'order' end, o.id, o.xid,
    row_to_json(o)::jsonb - 'xid'
  from (
    select o.id, o.external_id::text as external_order_id, o.status, o.name, o.customer_name,
      o.customer_email, o.total_amount::text, o.currency, o.source, o.shop, o.test, o.retry_count,
      utc(o.next_attempt_at) as next_attempt_at, o.error_message, o.notes,
      utc(o.processed_at) as processed_at, utc(o.created_at) as created_at, o.xmin::text::bigint as xid
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
    from ledger l where l.reason in ('set', 'add') order by l.id desc limit $1
  ) l
)
select 'snapshot' as kind, '' as source, null::bigint as xid, snapshot as data, 0 as place, null::bigint as id
from here
union all
select t.kind, t.source, h.next - ((h.next - t.xid) & 4294967295), t.data::text, 1, t.id
from told t, here h
order by place, source desc, id
