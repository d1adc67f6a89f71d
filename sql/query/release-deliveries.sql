-- Releases the deliveries $2 of the webhooks $1, which were claimed and not sent.
update deliveries d set leased_until = null
from unnest($1::bigint[], $2::bigint[]) g(webhook_id, id)
where d.webhook_id = g.webhook_id and d.id = g.id
