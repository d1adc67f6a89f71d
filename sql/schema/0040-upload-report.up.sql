-- What an import had to tell of an upload: counts by code, and the first
-- warnings in words.

alter table uploads add column report jsonb not null default '{}';
