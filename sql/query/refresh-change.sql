-- Reads and locks again the products that update-changed left out because another transaction had
-- changed them; the file's columns still win. Deleted products are left out.
with late as (
  select p.id, p.ctid as product_at
  from change c
  join products p on p.id = c.id
  where c.differs and c.by_line = c.line and p.updated_at <> now() and p.deleted_at is null
  order by p.id
  for no key update of p
)
update change c
set product_at = l.product_at
from late l
where c.id = l.id and c.by_line = c.line
