drop function event_about;

create or replace function event_names(type text) returns text[]
language sql immutable parallel safe
return array[type, split_part(type, '.', 1) || '.*', '*'];
