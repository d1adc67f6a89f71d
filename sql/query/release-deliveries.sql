-- Gives back the deliveries $1, which were claimed and not sent.
update deliveries set due_at = now() where id = any($1::bigint[]) and due_at is not null
