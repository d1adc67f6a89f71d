-- Creates the table of the changes of an import as they are told.
create temp table if not exists told (
  n      bigint primary key,
  change text not null
) on commit drop
