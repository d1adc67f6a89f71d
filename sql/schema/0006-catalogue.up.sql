-- How products are looked for: the same for lists, bulk deletes and exports.

-- True if the text has the pattern, which is in lower case and for LIKE; null is in every text.
-- An ASCII pattern is folded several times faster.
create function text_matches(value text, pattern text, ascii boolean) returns boolean
language sql immutable parallel safe
return pattern is null
  or case when ascii then lower(value collate "C") like pattern
          else lower(value) like lower(pattern) end;

-- True if a product that is not hidden passes these filters; null: any. PostgreSQL puts the
-- text of both functions into the statement, so that its indexes are seen.
create function product_matches(
  p products, is_active boolean, in_sku text, sku_ascii boolean, in_name text, name_ascii boolean,
  in_description text, description_ascii boolean, in_either text, either_ascii boolean
) returns boolean
language sql immutable parallel safe
return p.deleted_at is null
  and (is_active is null or p.active = is_active)
  and text_matches(p.sku, in_sku, sku_ascii)
  and text_matches(p.name, in_name, name_ascii)
  and text_matches(p.description, in_description, description_ascii)
  and (in_either is null or text_matches(p.sku, in_either, either_ascii)
    or text_matches(p.name, in_either, either_ascii));

-- Lists count on from the products that they know to be hidden.
drop index products_deleted;
create index products_deleted on products (deleted_at) where deleted_at is not null;
