-- How many products the file does not have, and of how many: see insert-missing for $1 and $2.
select (select count(*) from missing), count(*)
from products p
left join stock s on $1::text = 'zero' and s.product_id = p.id
where p.deleted_at is null and not (p.id > $2::bigint and p.created_at = now())
  and case $1 when 'deactivate' then p.active when 'zero' then s.on_hand > 0 else true end
