-- What comes again and again under a name: how large it was, which columns it had, and how it is read.
create table feeds (
  name    text primary key check (length(name) between 1 and 80),
  rows    bigint not null,   -- of the last file that was imported
  columns integer not null,  -- of products that it had, bits
  reading jsonb not null,    -- options that say how the file is read
  seen_at timestamptz not null default now()
);
