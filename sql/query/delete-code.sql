-- Takes the code with SHA-256 $1, so that it cannot be used again, and all whose time is over; the credential of
-- who signs in, no row where there is no such code.
with gone as (delete from sign_in_codes where hash = $1::bytea or until <= now() returning hash, credential, until)
select credential from gone where hash = $1::bytea and until > now()
