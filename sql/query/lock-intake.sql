-- One batch at a time, until it commits: two that know some orders and bring
-- others would wait for each other. The number is only to be the same everywhere.
-- What the batch stores is joined with its own rows only: by hash, in a session
-- that looks everything else up by key.
select pg_advisory_xact_lock(7103222), set_config('enable_hashjoin', 'on', true)
