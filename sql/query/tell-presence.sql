-- Says that the process $1 is there, and forgets those that have not said so for an hour.
with gone as (
  delete from presence where seen < now() - interval '1 hour' and name <> left($1::text, 63)
)
insert into presence (name) values (left($1::text, 63)) on conflict (name) do update set seen = now()
