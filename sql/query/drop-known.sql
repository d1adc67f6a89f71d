-- Takes out of `change` what is not to be changed: products that were there
-- before.
delete from change where id is not null and not ours and by_line = line
