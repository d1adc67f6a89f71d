-- A new webhook: url $1, event types $2, enabled $3, secret $4, headers $5,
-- timeout $6, retry_count $7, retry_for $8, paused $9, rate $10, in_order $11,
-- form $12, filter $13. No row if the URL is taken.
-- With neither retry_count nor retry_for it is tried for eight hours, so that a
-- receiver may be away for a deploy; a retry_count alone gives exactly that many attempts.
insert into webhooks (url, event_types, enabled, secret, headers, timeout, retry_count, retry_for, paused,
  rate, in_order, form, filter)
values ($1::text, $2::text[], coalesce($3::boolean, true), $4::text, coalesce($5::jsonb, '{}'),
  coalesce($6::int, 30), coalesce($7::int, 3),
  coalesce($8::int, case when $7 is null then 28800 else 0 end), coalesce($9::boolean, false),
  coalesce($10::int, 0), coalesce($11::boolean, false), coalesce($12::text, 'plain'),
  nullif($13::jsonb, '{}'))
on conflict (url) where deleted_at is null do nothing
returning id
