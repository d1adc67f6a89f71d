-- Counts the wrong tokens of the last minute, from address $1 and from all addresses.
select count(*) filter (where remote_addr = $1::text), count(*)
from sign_in_failures
where at > now() - interval '1 minute'
