-- Settings of the transaction of an import: its input may be slow, its statements are long, and
-- sorting half a million rows needs memory. default_statistics_target is for analyze-products,
-- which runs after the transaction.
select set_config('idle_in_transaction_session_timeout', '0', true),
  set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),
  set_config('work_mem', '128MB', true), set_config('default_statistics_target', '10', false)
