-- How many products are low, and how many are out, among the newest 10,000 of both. Each is looked
-- up by itself, since a join would walk all products that are newer and never had stock.
select count(*) filter (where level = 'low'), count(*) filter (where level = 'out')
from (
  select s.level
  from stock s
  where s.level <> 'ok'
    and (select p.deleted_at is null from products p where p.id = s.product_id)
  order by s.product_id desc
  limit 10000
) newest
