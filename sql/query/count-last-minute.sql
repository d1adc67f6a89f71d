-- Counts the runs that succeeded in the last minute; see count-last-hour.
with recursive search (low, high) as (
  select min(id) - 1, max(id) + 1 from sync_logs
  union all
  select case when m.young then s.low else s.low + (s.high - s.low) / 2 end,
    case when m.young then s.low + (s.high - s.low) / 2 else s.high end
  from search s
  cross join lateral (
    select l.created_at > now() - interval '1 minute' as young
    from sync_logs l
    where l.id >= s.low + (s.high - s.low) / 2
    order by l.id
    limit 1
  ) m
  where s.high - s.low > 1
)
select count(*) from sync_logs
where id >= (select min(high) from search) and status = 'success' and task_name = 'process_order'
