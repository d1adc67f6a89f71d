-- A new user, or another password and other scopes for one: $1 name, $2 credential, $3 SHA-256 of nothing that is
-- known, $4 scopes, $5 days until it expires, null for never, $6 scrypt of the password. No row: a token is called so.
insert into tokens (name, credential, hash, scopes, expires_at, password)
values ($1::text, $2::text, $3::bytea, $4::text[], now() + make_interval(days => $5::int), $6::text)
on conflict ((lower(name))) where revoked_at is null do update
set credential = excluded.credential, hash = excluded.hash, scopes = excluded.scopes,
  expires_at = excluded.expires_at, password = excluded.password
where tokens.password is not null
returning id, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
