-- Puts events of the types $1 about the subjects $2 with the data $3 into the outbox if a webhook
-- asks for them; returns for each whether one does.
with given as materialized (
  select g.*, event_wanted(g.type) as wanted
  from unnest($1::text[], $2::bigint[], $3::text[]) with ordinality g(type, subject, data, place)
), put as (
  insert into outbox (type, subjects, data)
  select type, array[subject], array[data::json] from given where wanted order by place
)
select wanted, type, subject from given order by place
