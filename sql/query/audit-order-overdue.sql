-- Orders that became due more than $2 seconds ago.
select id, null::bigint, external_id::text,
  format('%s, due for %s s', status, round(extract(epoch from now() - next_attempt_at))),
  format('done within %s s', $2::int), count(*) over ()
from orders
where next_attempt_at < now() - make_interval(secs => $2::int)
order by next_attempt_at
limit $1::int
