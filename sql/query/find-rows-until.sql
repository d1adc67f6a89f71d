-- An id from which on all are later than $1, found by bisection: ids ascend with time, except among
-- transactions that ran at once, for which it allows 5 minutes.
-- of: orders, sync_logs
with recursive span(low, high) as (
  select min(id), max(id) + 1 from :rows
  union all
  select case when before then middle + 1 else low end, case when before then high else middle end
  from span, lateral (select (low + high) / 2 as middle) m,
    lateral (select coalesce((select created_at < $1::timestamptz + interval '5 min' from :rows
                              where id >= middle order by id limit 1), false) as before) p
  where low < high
)
select coalesce(max(low), 0) from span where low >= high
