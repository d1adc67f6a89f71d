-- A new webhook: url $1, event types $2, enabled $3, secret $4, headers $5,
-- timeout $6, retry_count $7. No row if the URL is taken.
insert into webhooks (url, event_types, enabled, secret, headers, timeout, retry_count)
values ($1::text, $2::text[], coalesce($3::boolean, true), $4::text, coalesce($5::jsonb, '{}'),
  coalesce($6::int, 30), coalesce($7::int, 3))
on conflict (url) where deleted_at is null do nothing
returning id
