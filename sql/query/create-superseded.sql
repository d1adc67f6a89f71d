-- Lines of an import that a later one supersedes.
create temp table if not exists superseded (
  line    bigint primary key,
  by_line bigint not null
) on commit drop
