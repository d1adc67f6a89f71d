-- Ends the token called $1, in either case. Sessions by it end with it.
update tokens set revoked_at = now() where lower(name) = lower($1::text) and revoked_at is null
returning id, name
