-- The traceparent (W3C Trace Context, version 00) of the request that an order came with, if it had one.
create table order_traces (
  order_id    bigint primary key,
  traceparent text not null
);

-- The traceparent of the span p_what of an order. Its trace is that which the order came with, else its own, and
-- there are spans of ours only where fulfil-traces was used, which made p_seed; elsewhere what came is passed on.
create function order_traceparent(p_order bigint, p_came text, p_seed text, p_what text) returns text
language sql immutable parallel safe as $$
  select case when p_seed is null then p_came else format('00-%s-%s-%s',
    coalesce(substr(p_came, 4, 32),
      left(encode(sha256(convert_to(p_seed || 'order ' || p_order, 'UTF8')), 'hex'), 32)),
    left(encode(sha256(convert_to(p_seed || p_what, 'UTF8')), 'hex'), 16),
    coalesce(right(p_came, 2), '01')) end
$$;
