-- Finds the rows whose id is that of a product with another SKU: these have its SKU as `old`, by which
-- they are compared, or are moved to `refused` if another product has theirs, or would get it. $1: the ids
-- are sure; else only those are followed whose name is that of the product. Returns how many are refused, and
-- how many are followed.
with found as (
  select i.ctid as at, p.sku as old, min(p.id) over same <> max(p.id) over same or exists (
    select from products q where lower(q.sku) = lower(i.sku) and q.deleted_at is null and q.id <> p.id) as taken
  from incoming i
  join products p on p.id = i.id and p.deleted_at is null
  where lower(p.sku) <> lower(i.sku) and ($1::boolean or p.name = i.name)
  window same as (partition by lower(i.sku))
), gone as (
  delete from incoming i using found f
  where i.ctid = f.at and f.taken
  returning i.line, coalesce(i.raw, '') as raw, f.old
), kept as (
  insert into refused (line, raw, old) select line, raw, old from gone
), followed as (
  update incoming i set old = f.old
  from found f
  where i.ctid = f.at and not f.taken
  returning 1
)
select (select count(*) from gone), (select count(*) from followed)
