-- The user called $1, in either case, who is good now: credential, scrypt of the password, name, scopes.
select credential, password, name, array_to_string(scopes, ',')
from tokens
where lower(name) = lower($1::text) and password is not null and revoked_at is null
  and (expires_at is null or expires_at > now())
