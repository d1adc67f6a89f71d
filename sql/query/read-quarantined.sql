-- The bytes of one quarantined body, in hex.
select encode(body, 'hex') from quarantine where id = $1::bigint
