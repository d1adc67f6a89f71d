-- The next $2 lines from above the line $1 on that a later one supersedes; 0: a
-- line that is not known any more.
select line, by_line from superseded where line > $1::bigint order by line limit $2::int
