-- The outcome of a run for each claimed order; $5 is the wait in seconds
-- before the next attempt, null where there is none; $7: it was short of stock.
update orders o
set status = u.status, retry_count = u.retry_count, error_message = u.error,
  next_attempt_at = now() + make_interval(secs => u.wait), waited = u.waited,
  crash_count = 0, updated_at = clock_timestamp(), processed_at = case when u.done then now() else o.processed_at end
from unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::int[], $6::boolean[], $7::boolean[])
  as u(id, status, retry_count, error, wait, done, waited)
where o.id = u.id
