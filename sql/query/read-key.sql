-- What the client $1 was answered under the key $2 within a day: status, type, headers and body, and
-- whether it asked with the digest $3. The answer is given again, so the commit has to wait for the
-- standby as the first did.
select status, type, headers, body, digest = $3::text,
  commit_waits()
from idempotency_keys
where credential = $1::text and key = $2::text and made_at > now() - interval '1 day'
