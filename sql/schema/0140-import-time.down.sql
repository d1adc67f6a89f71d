drop function import_time(timestamptz);
