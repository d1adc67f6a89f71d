-- The bytes of one payload, in hex; null where they were removed.
select encode(body, 'hex') from payloads where id = $1::bigint
