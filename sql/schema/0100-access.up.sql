-- Tokens that fulfil-token makes. Only the SHA-256 of each is kept; credential is its first 16 digits.
create table tokens (
  id           bigint generated always as identity primary key,
  name         text not null,
  credential   text not null unique,
  hash         bytea not null,
  scopes       text[] not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
create unique index tokens_name on tokens (lower(name)) where revoked_at is null;

-- Sessions that somebody signed out of before their time; the others are known by their signature.
create table ended_sessions (
  id    text primary key,
  until timestamptz not null
);
