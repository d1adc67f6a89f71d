-- Locks one due order that was held by a worker when it crashed, to be tried alone; the one with
-- the fewest crashes first, so that it does not delay the others.
select id, external_id, status, run, retry_count, crash_count, waited
from orders
where next_attempt_at <= now() and crash_count > 0
order by crash_count, next_attempt_at
limit 1
for no key update skip locked
