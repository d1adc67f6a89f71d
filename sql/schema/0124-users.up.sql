-- A user is a token that is not shown: who signs in by a name and a password, kept as scrypt. Its hash is
-- of random bytes that nobody has, so that no bearer token can be it.
alter table tokens add column password text;

-- Codes that sign in once, as who has the credential. Only the SHA-256 of each is kept.
create table sign_in_codes (
  hash       bytea primary key,
  credential text not null,
  until      timestamptz not null
);
