-- Settings of the transaction of an import: its input may be slow, its statements are long, and
-- sorting half a million rows needs memory.
select set_config('idle_in_transaction_session_timeout', '0', true),
  set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),
  set_config('work_mem', '128MB', true)
