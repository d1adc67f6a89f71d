-- Traces: one of each order. The ids of traces and spans are made of `seed`, so that no two databases
-- have the same, and need not be stored; `last_log` is how far fulfil-traces came.
create table traces (
  one      boolean primary key default true check (one),
  seed     text not null default encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex'),
  last_log bigint not null default 0
);
insert into traces default values;
update traces set last_log = (select coalesce(max(id), 0) from sync_logs);

create function trace_hex(p_seed text, p_what text) returns text
language sql immutable parallel safe as $$
  select encode(sha256(convert_to(p_seed || p_what, 'UTF8')), 'hex')
$$;
