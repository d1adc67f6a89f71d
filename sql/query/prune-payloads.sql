-- Empties the payloads older than $1 days whose order has ended or does not exist, among the $2
-- payloads after $3. Returns how many, and the id to continue from, null when it reached younger
-- ones.
with part as (
  select id, order_id, body is not null as kept, received_at < now() - make_interval(days => $1::int) as aged
  from payloads
  where id > $3::bigint
  order by id
  limit $2::int
), emptied as (
  update payloads p set body = null
  from part s
  left join orders o on o.id = s.order_id
  where p.id = s.id and s.kept and s.aged
    and (s.order_id is null or (o.status <> 'pending' and o.next_attempt_at is null))
  returning 1
)
select (select count(*) from emptied),
  (select case when bool_or(aged) and count(*) = $2::int then max(id) end from part)
