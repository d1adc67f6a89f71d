-- Finds the products that the file does not have: those that were there before this import, which made
-- those from above the id $2 on. $1 is what is to become of them: 'deactivate' asks for those that are
-- active, 'zero' for those with stock.
insert into missing (id)
select p.id
from products p
left join stock s on $1::text = 'zero' and s.product_id = p.id
where p.deleted_at is null and not (p.id > $2::bigint and p.created_at = now())
  and case $1 when 'deactivate' then p.active when 'zero' then s.on_hand > 0 else true end
  and not exists (select from incoming i where lower(i.sku) = lower(p.sku))
  and not exists (select from seen n where n.key = lower(p.sku))
