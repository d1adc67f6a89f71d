-- Locks the order $1, whose batch the database refused, if it is still due.
select id, external_id, status, run, retry_count, crash_count, waited
from orders
where id = $1::bigint and next_attempt_at <= now()
for no key update skip locked
