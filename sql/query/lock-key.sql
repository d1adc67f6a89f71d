-- Whether this transaction now holds the key $2 of the client $1: false if another does.
select pg_try_advisory_xact_lock(hashtextextended(format('idempotency %s %s', $1::text, $2::text), 0))
