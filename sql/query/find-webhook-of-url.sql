-- The webhook that has the URL $1.
select id from webhooks where url = $1::text and deleted_at is null
