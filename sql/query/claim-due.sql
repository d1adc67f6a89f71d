-- Locks up to $1 orders that are due, the longest due first.
select id, external_id, status, run, retry_count, crash_count, waited
from orders
where next_attempt_at <= now() and crash_count = 0
order by next_attempt_at
limit $1::int
for no key update skip locked
