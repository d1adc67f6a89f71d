-- event_json() is the same, in its text too, in a database that had 0139 when its function was unsafe.
create or replace function event_json(data json) returns jsonb
language plpgsql immutable parallel unsafe as $$
begin
  return data::jsonb;
exception when data_exception then
  return null;
end $$;
