-- How many orders are due, for how many seconds the first of them, and how
-- many will be.
select count(*) filter (where next_attempt_at <= now()),
  greatest(coalesce(extract(epoch from now() - min(next_attempt_at)), 0), 0)::bigint,
  count(*) filter (where next_attempt_at > now())
from orders
where next_attempt_at is not null
