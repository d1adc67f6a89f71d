-- Why the newest file of a feed was not imported, until one is.
alter table feeds
  add column refused    text,         -- in words
  add column refused_at timestamptz,
  add check ((refused is null) = (refused_at is null));
