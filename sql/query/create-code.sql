-- A code with SHA-256 $1 that signs in once within $4 minutes: as the user or token called $2, or, where that is
-- null, with the credential $3. No row: there is nobody called so.
insert into sign_in_codes (hash, credential, until)
select $1::bytea, who.credential, now() + make_interval(mins => $4::int)
from (
  select credential from tokens
  where lower(name) = lower($2::text) and revoked_at is null and (expires_at is null or expires_at > now())
  union all
  select $3::text where $2::text is null
) as who
returning to_char(until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
