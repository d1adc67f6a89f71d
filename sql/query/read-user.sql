-- The user called $1, in either case, who is good now: credential, scrypt of the password, name, scopes, and
-- whether the user signed in from network $2 before.
select credential, password, name, array_to_string(scopes, ','),
  exists (select from user_networks n where n.credential = t.credential and n.net = $2::text)
from tokens t
where lower(name) = lower($1::text) and password is not null and revoked_at is null
  and (expires_at is null or expires_at > now())
