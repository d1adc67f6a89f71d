-- pgbench: the statements of a worker, called in sets of 256 orders without a
-- worker around them. The limit that fulfil-work is set beside.
begin;
create temp table if not exists batch (id bigint) on commit delete rows;
insert into batch select id from orders where next_attempt_at <= now()
  order by next_attempt_at limit 256 for no key update skip locked;
create temp table if not exists want (order_id bigint, product_id bigint, units int) on commit delete rows;
insert into want select i.order_id, p.id, sum(i.target) from order_items i
  join products p on lower(p.sku) = lower(i.sku) and p.deleted_at is null
  where i.order_id in (select id from batch) and i.skip is null group by 1, 2;
select count(*) from (select 1 from stock where product_id in (select product_id from want)
  order by product_id for no key update) locked;
update stock s set on_hand = s.on_hand - w.units, updated_at = now()
  from (select product_id, sum(units)::int as units from want group by 1) w
  where s.product_id = w.product_id;
insert into ledger (product_id, order_id, run, delta, balance, reason, actor)
  select w.product_id, w.order_id, 1, -w.units, s.on_hand, 'order', 'pgbench'
  from want w join stock s using (product_id);
update orders set status = 'completed', next_attempt_at = null, processed_at = now()
  where id in (select id from batch);
insert into sync_logs (task_name, order_id, run, attempt, status, duration_ms, worker)
  select 'process_order', id, 1, 1, 'success', 1, 'pgbench' from batch;
commit;
