-- Creates the table of what a merge has to do: one row for each row of `incoming` that differs from
-- its product.
create temp table if not exists change (
  line       bigint not null,
  at         tid not null,     -- of the row in incoming
  by_line    bigint not null,  -- the last line with this SKU, which supersedes the others
  id         bigint,           -- of the product, null for a new one
  product_at tid,
  ours       boolean not null, -- this import inserted it
  differs    boolean not null, -- one of its columns does, or its details
  nameless   boolean not null, -- so it makes no product
  details    jsonb             -- what these become, if the file has any
) on commit drop
