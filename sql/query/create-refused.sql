-- Creates the table of rows whose id is that of a product that cannot have their SKU.
create temp table if not exists refused (
  line bigint not null,
  raw  text not null,
  old  text not null -- the product's SKU
) on commit drop
