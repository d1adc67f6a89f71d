-- Creates the table of SKUs that the file has, but not as rows that wait to be merged.
create temp table if not exists seen (key text not null) on commit drop
