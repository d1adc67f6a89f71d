-- The newest file of the feed $1 was not imported, for the reason $2. Nothing is kept of one that never was.
update feeds set refused = $2::text, refused_at = now() where name = $1::text
