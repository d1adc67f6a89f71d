-- Counts a crash for the orders $1, which a worker held when it died: they are tried alone from now
-- on. Locks them in order of id, so that two such statements do not wait for each other.
update orders set crash_count = crash_count + 1
where id in (
  select id from orders
  where id = any($1::bigint[]) and next_attempt_at is not null
  order by id
  for no key update)
