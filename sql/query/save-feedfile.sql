-- The feed $1 had $2 rows and the columns $3 (bits), and is read by the options $4 (null: by those before).
insert into feeds (name, rows, columns, reading)
values ($1::text, $2::bigint, $3::int, coalesce($4::jsonb, '{}'))
on conflict (name) do update
set rows = excluded.rows, columns = excluded.columns, seen_at = now(), refused = null, refused_at = null,
  reading = coalesce($4::jsonb, feeds.reading)
