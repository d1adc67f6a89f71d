-- Where we are, and when this database was made, as an RFC 3339 time.
select current_database(),
  (select to_char(min(applied_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from schema_migrations)
