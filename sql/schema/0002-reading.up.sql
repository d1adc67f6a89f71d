-- For reading only: what the API shows, and in which spelling.

-- Times as RFC 3339 in UTC, whatever the session's time zone.
create function utc(t timestamptz) returns text
language sql stable parallel safe
return to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- Costs nothing until a product is deleted; lists subtract those from the whole.
create index products_deleted on products (id) where deleted_at is not null;
