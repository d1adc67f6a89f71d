-- How many products are low, and how many are out, among the newest 10,000 of both.
select count(*) filter (where level = 'low'), count(*) filter (where level = 'out')
from (
  select s.level
  from stock s join products p on p.id = s.product_id and p.deleted_at is null
  where s.level <> 'ok'
  order by s.product_id desc
  limit 10000
) newest
