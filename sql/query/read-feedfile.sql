-- The feed $1 as it was last imported.
select rows, columns, reading from feeds where name = $1::text
