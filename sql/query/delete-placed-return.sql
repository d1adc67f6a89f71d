-- The payload $1 is stored with its order now.
delete from payloads where id = $1::bigint and order_id is null
