-- Locks one due order that a worker died of before, to be tried alone; the one
-- with the fewest deaths first, so that it does not hold up the others.
select id, external_id, status, run, retry_count, crash_count, waited
from orders
where next_attempt_at <= now() and crash_count > 0
order by crash_count, next_attempt_at
limit 1
for no key update skip locked
