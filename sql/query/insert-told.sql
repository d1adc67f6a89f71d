-- Spells the changes of the import $1, in the order of their lines, or with $2 the largest
-- relative moves of prices first; at most $3 of them (null: all).
insert into told (n, change)
select row_number() over (),
  '{"line":' || coalesce(nullif(t.line, 0)::text, 'null') || ',"sku":' || to_json(t.sku) || ',"set":{' || t.set || '},"stock":' || coalesce(t.stock, 0) || '}'
from (
 select * from (
  select coalesce(k.line, m.line) as line, coalesce(k.part, m.part) as part, p.sku, m.stock,
    case when k.mask & 16 <> 0 then abs(p.price - k.price) / greatest(k.price, 0.01) end as moved,
    concat_ws(',',
      case when k.mask & 1 <> 0 then '"sku":[' || to_json(k.sku) || ',' || to_json(p.sku) || ']' end,
      case when k.mask & 2 <> 0 then '"name":[' || to_json(k.name) || ',' || to_json(p.name) || ']' end,
      case when k.mask & 4 <> 0 then '"description":[' || coalesce(to_json(left(k.description, 200))::text, 'null')
        || ',' || coalesce(to_json(left(p.description, 200))::text, 'null') || ']' end,
      case when k.mask & 8 <> 0 then '"category":[' || coalesce(to_json(k.category)::text, 'null')
        || ',' || coalesce(to_json(p.category)::text, 'null') || ']' end,
      case when k.mask & 16 <> 0 then '"price":[' || coalesce('"' || k.price || '"', 'null')
        || ',' || coalesce('"' || p.price || '"', 'null') || ']' end,
      case when k.mask & 32 <> 0 then '"active":[' || k.active || ',' || p.active || ']' end,
      case when k.mask & 64 <> 0 then '"reorder_level":[' || coalesce(k.reorder_level::text, 'null')
        || ',' || coalesce(p.reorder_level::text, 'null') || ']' end,
      case when k.mask & 256 <> 0 then (
        select string_agg(to_json(key) || ':[' || coalesce(to_json(left(k.details ->> key, 200))::text, 'null')
          || ',' || coalesce(to_json(left(p.details ->> key, 200))::text, 'null') || ']', ',')
        from jsonb_object_keys(coalesce(k.details, '{}') || coalesce(p.details, '{}')) key
        where k.details -> key is distinct from p.details -> key) end,
      case when k.mask & 128 <> 0 then '"deleted":[false,true]' end) as set
  from (select * from import_changes where import_id = $1::bigint and stock is null) k
  full join (select * from import_changes where import_id = $1 and stock is not null) m
    on m.product_id = k.product_id and m.part = k.part
  join products p on p.id = coalesce(k.product_id, m.product_id)
) all_of_them
 order by case when $2::boolean then moved end desc nulls last, nullif(line, 0) nulls last, part
 limit $3::int
) t
