-- What was answered to a POST that came with an Idempotency-Key: who asks the same again within a day
-- gets the same answer. Written in the transaction that did what was asked.
create table idempotency_keys (
  credential text not null,          -- who asked
  key        text not null,
  digest     text not null,          -- SHA-256 of method, path, query and body
  status     integer not null,
  type       text not null,          -- of the answer's body
  headers    text not null,          -- "Name: value\r\n" each
  body       text not null,
  made_at    timestamptz not null default now(),
  primary key (credential, key)
);
create index idempotency_keys_made on idempotency_keys (made_at);
