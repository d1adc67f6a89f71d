-- Keeps what update-changed is to write over: see there for $1-$7. $8 is the import, $9 its part.
insert into import_changes (import_id, part, line, product_id, mask, updated_at, sku, name, description,
  category, price, active, reorder_level, details)
select $8::bigint, $9::int, c.line, p.id, d.mask, p.updated_at,
  case when d.mask & 1 <> 0 then p.sku end, case when d.mask & 2 <> 0 then p.name end,
  case when d.mask & 4 <> 0 then p.description end, case when d.mask & 8 <> 0 then p.category end,
  case when d.mask & 16 <> 0 then p.price end, case when d.mask & 32 <> 0 then p.active end,
  case when d.mask & 64 <> 0 then p.reorder_level end, case when d.mask & 256 <> 0 then p.details end
from change c
join incoming i on i.ctid = c.at
join products p on p.id = c.id and p.ctid = c.product_at,
lateral (
  select (p.sku is distinct from i.sku)::int
    + case when $6::boolean and p.name is distinct from i.name then 2 else 0 end
    + case when $1::boolean and p.description is distinct from i.description then 4 else 0 end
    + case when $2::boolean and p.category is distinct from i.category then 8 else 0 end
    + case when $3::boolean and p.price::text is distinct from i.price::text then 16 else 0 end
    + case when $4::boolean and p.active is distinct from coalesce(i.given, p.active) then 32 else 0 end
    + case when $5::boolean and p.reorder_level is distinct from i.reorder_level then 64 else 0 end
    + case when $7::text[] is not null and p.details is distinct from c.details
      then 256 else 0 end as mask
) d
where c.differs and c.by_line = c.line and not c.ours
