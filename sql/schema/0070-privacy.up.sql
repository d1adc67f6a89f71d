-- What Shopify asks about people's data: customers/data_request, customers/redact, shop/redact. A row is
-- the record of who asked for what, and of what was done; it names nobody once that was done.
create table privacy_requests (
  id          bigint generated always as identity primary key,
  kind        text not null check (kind in ('data_request', 'customer_redact', 'shop_redact')),
  shop        text not null,
  customer_id bigint,
  email       text,      -- null once a redaction was done
  phone       text,      -- the same
  orders      bigint[] not null default '{}', -- Shopify's ids of those it names
  request_id  text,      -- Shopify's, of a data_request
  digest      bytea not null, -- SHA-256 of the body, which is not kept
  received_at timestamptz not null default now(),
  done_at     timestamptz,
  held        bigint[] not null default '{}', -- ours, of the orders that were found
  missing     bigint[] not null default '{}', -- of `orders`, those that are not here; they are looked for again
  bodies      integer not null default 0,     -- payloads and quarantined bodies that were reduced
  unique (shop, kind, digest)
);
create index privacy_requests_open on privacy_requests (id) where done_at is null or missing <> '{}';

-- Orders without the names of people. Later payloads do not bring them back.
create table redacted_orders (
  order_id    bigint primary key,
  redacted_at timestamptz not null default now()
);

-- Payloads whose body is still whole and must not be.
create table payloads_to_reduce (
  payload_id bigint primary key
);

-- How far the clock of PERSONAL_DAYS has come in a table.
create table privacy_marks (
  name    text primary key,
  last_id bigint not null
);
