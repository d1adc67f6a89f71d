-- The time that an import gives to a product that it changes: its own, but never one before what
-- somebody else gave it since the import began.
create function import_time(was timestamptz) returns timestamptz
language sql stable parallel safe
return case when was > now() then was + interval '1 microsecond' else now() end;
