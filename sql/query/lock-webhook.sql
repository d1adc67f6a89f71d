-- Keeps others from changing webhook $1.
select id from webhooks where id = $1::bigint and deleted_at is null for no key update
