-- The types $1 of events are kept although no webhook asks for them; none where it is empty.
with named as (
  select string_to_array(regexp_replace($1::text, '\s', '', 'g'), ',') as types where $1 <> ''
), others as (
  delete from kept_types where not exists (select from named)
)
insert into kept_types (event_types)
select types from named
on conflict (only_one) do update set event_types = excluded.event_types
where kept_types.event_types <> excluded.event_types
