-- Chunks of an import that went straight into products: the products from above
-- after_id to last_id, in the order of their ids, and the lines they came from.
-- The row `rows[i]` of the chunk, from 0, came from `lines[i]`, the next ones
-- from the next lines.
create temp table if not exists straight (
  after_id bigint not null,
  last_id  bigint not null,
  rows     integer[] not null,
  lines    bigint[] not null
) on commit drop
