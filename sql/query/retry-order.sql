-- Starts order $1 again if it failed, waits for its next attempt, or is cancelled and could not give
-- back what it has; otherwise its status stays.
select r_status, r_done from order_retry($1::bigint)
