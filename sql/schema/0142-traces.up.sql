-- Traces: one of each order. The ids of traces and spans are made of `seed`, so that no two databases
-- have the same, and need not be stored; `last_log` is how far fulfil-traces came, which makes the one row when
-- it is used first.
create table traces (
  one      boolean primary key default true check (one),
  seed     text not null default encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex'),
  last_log bigint not null default 0
);

create function trace_hex(p_seed text, p_what text) returns text
language sql immutable parallel safe as $$
  select encode(sha256(convert_to(p_seed || p_what, 'UTF8')), 'hex')
$$;
