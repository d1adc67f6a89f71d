-- Creates the table of products that the file does not have.
create temp table if not exists missing (id bigint primary key) on commit drop
