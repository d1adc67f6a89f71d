-- The first $1 feeds by name, with how many there are: what the last file that was imported had, and
-- why a newer one was refused.
select name, rows, columns, reading::text, utc(seen_at), refused, utc(refused_at), count(*) over ()
from feeds
order by name
limit $1::bigint
