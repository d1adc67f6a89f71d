-- The lines of the $2 orders after the id $1, for the audit.
select i.order_id, coalesce(i.external_id, -i.line_no), i.line_no, i.skip, i.target, coalesce(i.kept, 0),
  coalesce(i.base, 0)
from (select id from orders where id > $1::bigint order by id limit $2::int) o
join order_items i on i.order_id = o.id
order by i.order_id, i.line_no
