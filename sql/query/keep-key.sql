-- Keeps for a day what the client $1 was answered under the key $2 to the request of the digest $3:
-- status $4, type $5, headers $6, body $7. Deletes some that are older.
with old as (
  delete from idempotency_keys
  where (credential, key) in (
    select credential, key from idempotency_keys
    where made_at <= now() - interval '1 day' and (credential, key) <> ($1::text, $2::text)
    order by made_at limit 20 for update skip locked)
)
insert into idempotency_keys (credential, key, digest, status, type, headers, body)
values ($1, $2, $3::text, $4::int, $5::text, $6::text, $7::text)
on conflict (credential, key) do update
set digest = excluded.digest, status = excluded.status, type = excluded.type,
  headers = excluded.headers, body = excluded.body, made_at = now()
