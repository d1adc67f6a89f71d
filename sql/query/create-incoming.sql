-- Creates the table of the rows of an import that wait to be merged with the products.
create temp table if not exists incoming (
  line          bigint not null,  -- of the file
  after_id      bigint not null,  -- rows that this import inserted later have higher ids
  given         boolean,          -- active, as the file says
  quantity      integer,
  was           integer,          -- quantity when the file was made
  counted       timestamptz,      -- when the quantity was counted
  sku           text not null,
  name          text,
  description   text,
  category      text,
  price         numeric,
  active        boolean not null, -- of a new product
  reorder_level integer,
  details       jsonb,
  raw           text,             -- the record, where it may be rejected later: without a name, or with an id
  id            bigint,           -- of the product, as the file says
  old           text              -- the SKU of that product, if it is another one
) on commit drop
