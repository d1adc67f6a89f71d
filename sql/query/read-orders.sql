-- The orders $1 as JSON, in that order.
select row_to_json(o)
from (
  select s.*,
    (select coalesce(json_agg(i), '[]')
     from (select line_no, sku, name, quantity, unit_price::text,
             (unit_price * quantity)::text as line_total
           from order_items where order_id = s.id order by line_no) i) as items
  from order_shown s
  where s.id = any($1::bigint[])
) o
order by array_position($1::bigint[], o.id)
