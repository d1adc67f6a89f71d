-- The settings that all statements rely on: limits that free what a lost or stuck client holds,
-- UTC, no compiler for statements of a few milliseconds, and with $2 (by_key) plans that look rows up
-- by key, made once, so that none is made for each call, and none made while the tables were small
-- stays in use. $1: for this transaction only, as a pooler needs that gives each
-- transaction another connection. Answers with no row.
select count(set_config(s.name, s.setting, $1::bool))
from (values
  ('timezone', 'UTC', false),
  ('default_transaction_isolation', 'READ COMMITTED', false),
  ('lock_timeout', '5s', false),
  ('statement_timeout', '60s', false),
  ('idle_in_transaction_session_timeout', '10s', false),
  ('client_connection_check_interval', '1s', false),
  ('tcp_keepalives_idle', '10', false),
  ('tcp_keepalives_interval', '5', false),
  ('tcp_keepalives_count', '3', false),
  ('tcp_user_timeout', '20000', false),
  ('jit', 'off', false),
  ('enable_seqscan', 'off', true),
  ('enable_bitmapscan', 'off', true),
  ('enable_hashjoin', 'off', true),
  ('enable_mergejoin', 'off', true),
  ('enable_material', 'off', true),
  ('plan_cache_mode', 'force_generic_plan', true)
) s(name, setting, by_key)
where not s.by_key or $2::bool
having count(*) < 0
