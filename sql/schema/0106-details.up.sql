-- What a product has besides its columns: an object of texts, whose members lib/catalogue/details.h
-- names; null where it has nothing.
alter table products add details jsonb;
alter table import_changes add details jsonb;

-- What details become where `keys` of them are set to what `new` has.
create function details_with(was jsonb, keys text[], new jsonb) returns jsonb
language sql immutable parallel safe
return nullif((coalesce(was, '{}') - keys) || coalesce(new, '{}'), '{}');

create index products_barcode on products ((details ->> 'barcode'))
  where details ->> 'barcode' is not null and deleted_at is null;

-- True if the details pass these filters; null: any. Vendor and tag have any case.
create function details_match(details jsonb, in_barcode text, in_vendor text, in_group text, in_tag text) returns boolean
language sql immutable parallel safe
return (in_barcode is null or details ->> 'barcode' = in_barcode)
  and (in_vendor is null or lower(details ->> 'vendor') = lower(in_vendor))
  and (in_group is null or details ->> 'group' = in_group)
  and (in_tag is null or lower(in_tag) = any (regexp_split_to_array(lower(details ->> 'tags'), '\s*,\s*')));
