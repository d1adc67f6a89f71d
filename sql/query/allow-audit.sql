-- Gives the transaction of the audit more time, and memory for its joins.
select set_config('statement_timeout', '3600000', true),
  set_config('idle_in_transaction_session_timeout', '3600000', true), set_config('work_mem', '32MB', true)
