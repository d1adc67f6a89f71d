-- Locks those of the orders $1 that are due; skips those that are locked.
select id, external_id, status, run, retry_count, crash_count, waited
from orders
where id = any($1::bigint[]) and next_attempt_at <= now() and crash_count = 0
order by id
for no key update skip locked
