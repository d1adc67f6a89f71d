-- True if a new run of the order can be started by hand: it failed; it waits for the next attempt after
-- one that failed; or it is cancelled, and what it took could not be put back.
create function order_can_retry(o orders) returns boolean
language sql stable parallel safe
return o.status = 'failed'
  or (o.retry_count > 0 and coalesce(o.next_attempt_at > now(), false))
  or (o.status = 'cancelled' and o.next_attempt_at is null and o.error_message is not null);

-- Starts it, unless its status or somebody else, quicker, does not allow it: then r_done is false. Who
-- comes second waits for the first, and finds no retry to have been made of the new run. Null: there is
-- no such order.
create or replace function order_retry(wanted bigint, out r_status text, out r_done boolean)
language plpgsql as $$
begin
  update orders o
  set status = case when o.status = 'failed' then 'pending' else o.status end, run = run + 1,
    retry_count = 0, crash_count = 0, next_attempt_at = now(), error_message = null
  where id = wanted and order_can_retry(o);
  r_done := found;
  select status into r_status from orders where id = wanted;
end
$$;

-- For counting those that wait, and to start all of them.
create index orders_retrying on orders (next_attempt_at) where status = 'pending' and retry_count > 0;
