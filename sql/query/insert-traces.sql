-- Keeps for the orders $1 the traceparent $2 that each came with. Nothing waits for the disk: a trace may
-- be lost, an order may not, and it is stored by now.
with quick as materialized (
  select set_config('synchronous_commit', 'off', true)
)
insert into order_traces (order_id, traceparent)
select g.order_id, g.traceparent from quick, unnest($1::bigint[], $2::text[]) as g(order_id, traceparent)
on conflict (order_id) do nothing
