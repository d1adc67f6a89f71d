-- Ids of up to $1 due orders, the longest due first.
select id from orders
where next_attempt_at <= now()
order by next_attempt_at
limit $1::int
