-- One batch at a time, until it commits: two that know some orders and bring
-- others would wait for each other. The number is only to be the same everywhere.
select pg_advisory_xact_lock(7103222)
