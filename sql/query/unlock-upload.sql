-- Releases the lock of the upload $1.
select pg_advisory_unlock(7103224, $1::bigint::int)
