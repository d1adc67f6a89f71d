-- Takes the names of people from what is still to be told of the orders $1. Waits for a sender that makes
-- events of it, so that the next statement sees those.
update outbox b
set data = array(
  select case when u.subject = any($1::bigint[])
              then order_data_nameless(u.data::jsonb)::json else u.data end
  from unnest(b.subjects, b.data) with ordinality as u(subject, data, n) order by n)
where b.type like 'order.%' and b.data is not null and b.subjects && $1::bigint[]
