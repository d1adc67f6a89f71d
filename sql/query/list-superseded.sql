-- The first $1 lines of the file that a later one supersedes; 0: a line that
-- is not known any more.
select line, by_line from change where by_line <> line order by line limit $1::int
