-- Body $1 was tried again, and stays in quarantine because of $2.
update quarantine set reason = $2::text where id = $1::bigint
