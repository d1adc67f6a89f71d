-- When this database was made, in microseconds since 1970: what HISTORY_BEFORE is by default.
select (extract(epoch from min(applied_at)) * 1000000)::bigint from schema_migrations
