-- A worker died while it held the orders $1: they are tried alone from now on.
-- Locked in order, so that two who count do not wait for each other.
update orders set crash_count = crash_count + 1
where id in (
  select id from orders
  where id = any($1::bigint[]) and next_attempt_at is not null
  order by id
  for no key update)
