-- Creates the table of products that the undo of an import leaves as they are.
create temp table if not exists kept (
  product_id bigint not null,
  part       smallint not null, -- 0: of those that were made, -1: the stock
  why        text not null
) on commit drop
