-- Finds what was touched since the import $1 of the time $2, which made the products from above
-- $3 to $4: its columns, its stock, or a new product that was sold or changed. With several parts
-- only the last one, $5, has written what is there.
insert into kept (product_id, part, why)
select k.product_id, k.part, case when p.deleted_at is not null then 'deleted'
  when p.updated_at <> $2::timestamptz then 'edited' else 'replaced' end
from import_changes k
join products p on p.id = k.product_id
where k.import_id = $1::bigint and k.stock is null and k.mask & 128 = 0
  and (p.deleted_at is not null or p.updated_at <> $2 or k.mask & 1 <> 0 and exists (
    select from products o where lower(o.sku) = lower(k.sku) and o.id <> p.id and o.deleted_at is null))
union all
select k.product_id, k.part, case when p.deleted_at is null then 'edited' else 'replaced' end
from import_changes k
join products p on p.id = k.product_id
where k.import_id = $1 and k.mask & 128 <> 0 and (p.deleted_at is null or p.updated_at <> $2
  or exists (select from products o where lower(o.sku) = lower(p.sku) and o.deleted_at is null))
union all
select k.product_id, -1, case when p.deleted_at is not null then 'deleted'
  when s.on_hand < k.stock then 'sold' else 'restocked' end
from (
  select product_id, sum(stock) as stock from import_changes
  where import_id = $1 and stock is not null group by product_id
) k
join products p on p.id = k.product_id
join stock s on s.product_id = k.product_id
where p.deleted_at is not null or s.on_hand < k.stock or exists (
  select from ledger l where l.product_id = k.product_id and l.reason in ('import', 'set', 'count') and l.created_at > $2)
union all
select p.id, 0, case when p.deleted_at is not null then 'deleted' when p.updated_at <> p.created_at then 'edited'
  else 'sold' end
from products p
where p.id > $3::bigint and p.id <= $4::bigint and p.created_at = $2
  and (p.deleted_at is not null
    or (p.updated_at <> p.created_at and $5::int = 1)
    or exists (select from ledger l where l.product_id = p.id
      and (l.created_at > $2 or l.order_id is not null)))
