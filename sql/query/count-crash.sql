-- A worker died while it held the orders $1: they are tried alone from now on.
update orders set crash_count = crash_count + 1
where id = any($1::bigint[]) and next_attempt_at is not null
