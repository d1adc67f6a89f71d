-- The next $2 changes from above the number $1 on.
select n, change from told where n > $1::bigint order by n limit $2::int
