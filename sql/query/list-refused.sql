-- The next $2 rows from above the line $1 on that match-incoming refused.
select line, raw, old from refused where line > $1::bigint order by line limit $2::int
