-- When each shop's webhooks of a topic came last, as the scan heard of it.
create table intake_seen (
  shop        text not null,
  topic       text not null,
  last_at     timestamptz not null,
  lag_seconds integer, -- from the event to its arrival; null: it did not say
  primary key (shop, topic)
);

-- What is wrong with the intake now; each was told once.
create table intake_alarms (
  shop  text not null, -- '': of all
  kind  text not null check (kind in ('silence', 'lateness', 'uninstalled', 'quarantine')),
  since timestamptz not null default now(),
  primary key (shop, kind)
);
