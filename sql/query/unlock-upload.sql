-- Lets go of the upload $1.
select pg_advisory_unlock(7103223, $1::bigint::int)
