-- What is known of the credential $1: the name and scopes of its token, null where there is none that is
-- good now, and whether the session $3 was ended. $2: the SHA-256 of the whole token; null for a session.
-- The last column is true where the token's last use was noted more than a minute ago.
select t.name, array_to_string(t.scopes, ','),
  exists (select from ended_sessions s where s.id = $3::text),
  t.id is not null and coalesce(t.last_used_at < now() - interval '1 minute', true)
from (values (1)) as one
left join tokens t on t.credential = $1::text and t.hash = coalesce($2::bytea, t.hash)
  and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
