-- The mean time in microseconds of the successes of the newest 1,000 orders, and the number of log
-- rows: above 10,000 by their ids, which is at least the exact number.
select (select round(avg(duration_ms) * 1000)::bigint
        from (select duration_ms from sync_logs
              where status = 'success' and order_id is not null
              order by order_id desc limit 1000) s),
  (select case when counted > 10000 then (select max(id) - min(id) + 1 from sync_logs) else counted end
   from (select count(*) as counted from (select from sync_logs limit 10001) f) c)
