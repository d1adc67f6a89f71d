-- Reads and locks again the products that update-changed left out because another transaction had
-- changed them; the file's columns still win. Deleted products are left out, and so are those that the
-- import $1 wrote in its part $2: they have the time that it gives, see update-changed. $3: see there for $7.
with late as (
  select p.id, p.ctid as product_at, c.ctid as at, details_with(p.details, $3::text[], i.details) as details
  from change c
  join incoming i on i.ctid = c.at
  join products p on p.id = c.id
  where c.differs and c.by_line = c.line and p.deleted_at is null
    and not exists (
      select from import_changes k
      where k.import_id = $1::bigint and k.part = $2::int and k.product_id = p.id
        and p.updated_at = import_time(k.updated_at))
  order by p.id
  for no key update of p
)
update change c
set product_at = l.product_at, details = l.details
from late l
where c.ctid = l.at
