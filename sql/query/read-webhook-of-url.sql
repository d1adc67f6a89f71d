-- The secret, headers and timeout of the webhook whose URL is $1.
select secret, nullif(headers, '{}'), timeout from webhooks where url = $1::text and deleted_at is null
