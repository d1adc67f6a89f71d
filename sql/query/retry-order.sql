-- Starts order $1 again if it failed; otherwise its status stays.
select r_status, r_done from order_retry($1::bigint)
