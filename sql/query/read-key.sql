-- What the client $1 was answered under the key $2 within a day: status, type, headers and body, and
-- whether it asked with the digest $3.
select status, type, headers, body, digest = $3::text
from idempotency_keys
where credential = $1::text and key = $2::text and made_at > now() - interval '1 day'
