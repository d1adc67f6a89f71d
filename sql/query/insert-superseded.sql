-- Collects each line that a later one supersedes. Of a row that went straight
-- into products, on either side, the line is found by its place in its chunk. Those
-- whose SKU is not known are no products with $1, or without a name.
with mine as (
  select distinct id from change where ours
), products_of as (
  select s.after_id, p.id, row_number() over (partition by s.after_id order by p.id) - 1 as place
  from straight s
  join products p on p.id > s.after_id and p.id <= s.last_id and p.created_at = now()
  where exists (select from mine m where m.id > s.after_id and m.id <= s.last_id)
), placed as (
  select n.id, n.place + max(u.line - u.place) over (partition by n.after_id order by n.place) as line
  from products_of n
  left join (
    select s.after_id, t.place, t.line from straight s, unnest(s.rows, s.lines) as t(place, line)
  ) u on u.after_id = n.after_id and u.place = n.place
)
insert into superseded (line, by_line)
select c.line, case when c.by_line = 0 then coalesce(p.line, 0) else c.by_line end
from change c left join placed p on p.id = c.id
where c.by_line <> c.line and not (($1::boolean or c.nameless) and c.id is null)
union all
select p.line, max(c.line)
from change c join placed p on p.id = c.id
where c.ours and c.by_line = c.line
group by p.line
on conflict do nothing
