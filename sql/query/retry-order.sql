-- Starts order $1 again if it failed, or, if it is cancelled and could not give
-- back what it has, the giving back; otherwise its status stays.
with again as (
  update orders
  set run = run + 1, retry_count = 0, crash_count = 0, next_attempt_at = now(), error_message = null
  where id = $1::bigint and status = 'cancelled' and next_attempt_at is null
    and error_message is not null
  returning status
)
select status, true from again
union all
select r_status, r_done from order_retry($1::bigint) where not exists (select from again)
