-- Deletes what orders of more than $1 days ago, that have ended, came with as traceparent, unless an event of
-- theirs is kept, since what a delivery sent can be seen with it; among the first $2 after the order
-- $3. Returns how many, and the order to continue from, null when it reached younger ones.
with part as (
  select t.order_id, o.id is null or o.created_at < now() - make_interval(days => $1::int) as aged,
    o.status is distinct from 'pending' and o.next_attempt_at is null as ended
  from (select order_id from order_traces where order_id > $3::bigint order by order_id limit $2::int) t
  left join orders o on o.id = t.order_id
), gone as (
  delete from order_traces t using part p
  where t.order_id = p.order_id and p.aged and p.ended
    and not exists (select from events e where e.subject = p.order_id and e.type like 'order.%')
  returning 1
)
select (select count(*) from gone), (select case when bool_or(aged) and count(*) = $2::int then max(order_id) end from part)
