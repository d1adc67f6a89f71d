-- The tokens, those that were revoked last; null times where there are none.
select id, name, array_to_string(scopes, ','),
  to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  to_char(last_used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'valid' end,
  case when password is null then 'token' else 'user' end
from tokens
order by revoked_at is not null, id
