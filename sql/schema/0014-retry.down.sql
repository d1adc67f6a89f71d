drop index orders_retrying;
create or replace function order_retry(wanted bigint, out r_status text, out r_done boolean)
language plpgsql as $$
begin
  update orders set status = 'pending', run = run + 1, retry_count = 0, crash_count = 0,
    next_attempt_at = now(), error_message = null
  where id = wanted and status = 'failed';
  r_done := found;
  select status into r_status from orders where id = wanted;
end
$$;
drop function order_can_retry;
