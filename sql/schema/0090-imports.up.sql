-- What each import changed, and what was there before: for a preview, and to take it back.

create table imports (
  id            bigint generated always as identity primary key,
  task_id       text,                                 -- of the upload, if it was one
  at            timestamptz not null default now(),   -- updated_at of what it wrote
  first_product bigint not null,                      -- it made those above this one
  last_product  bigint,                               -- to this one, with created_at = at
  parts         smallint not null default 1,          -- headers with other columns in one stream
  created       bigint not null default 0,
  updated       bigint not null default 0,
  undone_at     timestamptz
);
create index imports_task on imports (task_id) where task_id is not null;

-- A product that an import changed: the columns in `mask`, as they were (1 sku, 2 name,
-- 4 description, 8 category, 16 price, 32 active, 64 reorder_level); or its stock.
create table import_changes (
  import_id     bigint not null,
  line          bigint not null,  -- of the file
  product_id    bigint not null,
  part          smallint not null,
  mask          smallint not null,
  active        boolean,
  stock         integer,          -- what was added; then mask is 0
  reorder_level integer,
  updated_at    timestamptz,
  price         numeric,
  sku           text,
  name          text,
  category      text,
  description   text
);
create index import_changes_import on import_changes using brin (import_id) with (pages_per_range = 16);
