-- Counts the orders taken in during the last hour. Their first id is found by bisection, since ids
-- ascend with time except among transactions that ran at once.
with recursive search (low, high) as (
  select min(id) - 1, max(id) + 1 from orders
  union all
  select case when m.young then s.low else s.low + (s.high - s.low) / 2 end,
    case when m.young then s.low + (s.high - s.low) / 2 else s.high end
  from search s
  cross join lateral (
    select o.created_at > now() - interval '1 hour' as young
    from orders o
    where o.id >= s.low + (s.high - s.low) / 2
    order by o.id
    limit 1
  ) m
  where s.high - s.low > 1
)
select count(*) from orders where id >= (select min(high) from search)
