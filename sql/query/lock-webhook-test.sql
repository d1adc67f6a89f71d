-- Takes one of two places for tests of webhooks until the transaction ends; false if both are
-- taken. The transaction is idle while the test waits for its receiver. All processes use the same
-- numbers.
select case when pg_try_advisory_xact_lock(7103225, 1) then true
    else pg_try_advisory_xact_lock(7103225, 2) end,
  set_config('idle_in_transaction_session_timeout', '60s', true)
