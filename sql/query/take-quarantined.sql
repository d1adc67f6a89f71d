-- What body $1 in quarantine came as, its bytes in hex.
select shop, topic, webhook_id, encode(body, 'hex') from quarantine where id = $1::bigint
