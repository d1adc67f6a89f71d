-- Ends the session $1, which would have lasted until $2 (Unix seconds); forgets those whose time is over.
with old as (delete from ended_sessions where until < now())
insert into ended_sessions (id, until) values ($1::text, to_timestamp($2::bigint))
on conflict (id) do nothing
