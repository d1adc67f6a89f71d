-- Lets one import run at a time: two that insert the same SKUs in different orders would deadlock.
select pg_advisory_xact_lock(7103223)
