-- Counts the orders that are due, and those that will be; and for how many seconds the first one
-- has been due.
select count(*) filter (where next_attempt_at <= now()),
  greatest(coalesce(extract(epoch from now() - min(next_attempt_at)), 0), 0)::bigint,
  count(*) filter (where next_attempt_at > now())
from orders
where next_attempt_at is not null
