-- Drops what an import has merged, before rows with other columns.
drop table if exists incoming, change, straight, superseded, refused
