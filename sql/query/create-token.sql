-- A new token: $1 name, $2 credential, $3 SHA-256, $4 scopes, $5 days until it expires, null for never.
insert into tokens (name, credential, hash, scopes, expires_at)
values ($1::text, $2::text, $3::bytea, $4::text[], now() + make_interval(days => $5::int))
on conflict ((lower(name))) where revoked_at is null do nothing
returning id, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
