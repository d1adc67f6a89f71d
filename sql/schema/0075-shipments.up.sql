-- What was shipped of the shop's orders, as the newest payload about each fulfillment says. It has no
-- reference to `orders`: a fulfillment may come before its order.
create table shipments (
  shop              text not null,
  external_order_id bigint not null,
  external_id       bigint not null,  -- Shopify's, of the fulfillment
  status            text,             -- success, cancelled, error, failure, pending, open; null: not said
  shipped_at        timestamptz,      -- when it was made; null: not said
  said_at           timestamptz not null, -- the version: when it was changed last, as the shop says
  company           text,
  tracking          jsonb not null,   -- [{"number": …, "url": …}]
  lines             jsonb not null,   -- [{"id": of the order's line, "quantity": …}]
  primary key (shop, external_order_id, external_id)
);
