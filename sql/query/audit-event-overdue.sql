-- Changes in the outbox that have been due for more than $2 seconds, and have no events yet.
select case when type like 'order.%' then subjects[1] end, case when type not like 'order.%' then subjects[1] end,
  null::text,
  format('%s of %s, in the outbox for %s s', type, cardinality(subjects), round(extract(epoch from now() - created_at))),
  format('made an event within %s s', $2::int), count(*) over ()
from outbox
where created_at < now() - make_interval(secs => $2::int)
order by id
limit $1::int
