-- One import at a time: two that insert the same SKUs in another order would
-- wait for each other.
select pg_advisory_xact_lock(7103223)
