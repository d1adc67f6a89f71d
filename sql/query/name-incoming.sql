-- Names what came in after the first line of its description, in a file that has no names: products
-- that are there keep theirs.
update incoming
set name = nullif(btrim(left(btrim(split_part(translate(description, chr(13), chr(10)), chr(10), 1)), 255)), '')
where name is null and description is not null
