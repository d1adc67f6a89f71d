-- The order $1 as JSON, with its lines, shipments, attempts and ledger.
-- Products are looked up one by one, whatever the planner thinks of the ledger. What lines of one SKU
-- have taken is told of the first ones first, and the rest of the last one.
select row_to_json(o)
from (
  select s.*,
    (select coalesce(json_agg(i), '[]')
     from (select line_no, sku, name, quantity, unit_price::text,
             (unit_price * quantity)::text as line_total, current, target,
             case when o.status = 'completed' and o.next_attempt_at is null then target
                  else greatest(least(units - before, case when last = 1 then units else target end), 0)
             end as taken,
             (select coalesce(sum((s->>'quantity')::bigint), 0)
              from shipments h cross join lateral jsonb_array_elements(h.lines) s
              where h.shop = o.shop and h.external_order_id = o.external_id
                and coalesce(h.status, 'success') = 'success'
                and (s->>'id')::bigint = i.external_id) as shipped,
             skip
           from (select i.*, coalesce(sum(target) over line - target, 0) as before,
                   row_number() over (partition by lower(sku), skip is null order by line_no desc) as last
                 from order_items i where order_id = o.id
                 window line as (partition by lower(sku), skip is null order by line_no)) i
           cross join lateral (
             select coalesce(-sum(delta), 0) as units
             from ledger l
             where l.order_id = o.id and i.skip is null
               and (select lower(sku) from products where id = l.product_id) = lower(i.sku)) l
           order by line_no) i) as items,
    order_shipments(o) as shipments,
    (select coalesce(json_agg(l), '[]')
     from (select id, coalesce(task_id, concat_ws('-', 'order', order_id, run)) as task_id, task_name,
             attempt, status, details, error as error_message, duration_ms, worker,
             utc(created_at) as created_at
           from sync_logs where order_id = o.id and status = 'success'
           union all
           select id, coalesce(task_id, concat_ws('-', 'order', order_id, run)), task_name, attempt,
             status, details, error, duration_ms, worker, utc(created_at)
           from sync_logs where order_id = o.id and status <> 'success'
           order by id) l) as sync_logs,
    (select coalesce(json_agg(l), '[]')
     from (select l.id, product_id, (select sku from products where id = l.product_id) as product_sku,
             run, delta, balance, reason, note, actor, utc(l.created_at) as created_at
           from ledger l
           where l.order_id = o.id order by l.id) l) as ledger
  from orders o join order_shown s on s.id = o.id
  where o.id = $1::bigint
) o
