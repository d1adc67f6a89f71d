-- Compares what came in with what is there. $1-$5: the file has a description,
-- category, price, active, reorder_level; $6: its quantities are taken; $7: a
-- product with a higher id that was created in this transaction is ours; $8: the
-- quantities of all rows of a SKU are added up; $9: the file has a name; $10: the details that it has,
-- null for none.
-- A row of ours that was inserted later than a row came in supersedes it.
insert into change (line, at, by_line, id, product_at, ours, differs, nameless, details)
select w.line, w.at, case when w.ours and w.id > w.after_id then 0 else w.by_line end, w.id,
  w.product_at, w.ours, w.differs, w.name is null, w.merged
from (
  select i.*, d.merged, p.id, p.ctid as product_at, coalesce(p.created_at = now() and p.id > $7::bigint, false) as ours,
    p.sku is distinct from i.sku
      or ($9::boolean and p.name is distinct from i.name)
      or ($1::boolean and p.description is distinct from i.description)
      or ($2::boolean and p.category is distinct from i.category)
      or ($3::boolean and p.price is distinct from i.price)
      or ($4::boolean and p.active is distinct from coalesce(i.given, p.active))
      or ($5::boolean and p.reorder_level is distinct from i.reorder_level)
      or ($10 is not null and p.details is distinct from d.merged) as differs,
    $6::boolean and i.quantity is not null
      and i.quantity is distinct from coalesce(i.was, s.on_hand, 0) as moves
  from (
    select line, after_id, given,
      case when $8::boolean then sum(quantity) over (partition by lower(coalesce(old, sku))) else quantity end as quantity,
      case when $8::boolean then sum(was) over (partition by lower(coalesce(old, sku))) else was end as was, sku, name, description, category, price, reorder_level, details,
      ctid as at, lower(coalesce(old, sku)) as key,
      first_value(line) over (partition by lower(coalesce(old, sku)) order by line desc) as by_line
    from incoming
  ) i
  left join products p on lower(p.sku) = i.key and p.deleted_at is null
  left join stock s on $6 and s.product_id = p.id
  cross join lateral (
    select case when $10::text[] is null or p.details is not distinct from i.details then p.details
      else details_with(p.details, $10, i.details) end as merged offset 0) d
) w
where w.by_line <> w.line or w.id is null or w.ours or w.differs or w.moves
