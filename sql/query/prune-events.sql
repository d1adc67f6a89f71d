-- Deletes events older than $1 days among the first $2 after the id $3 of which
-- nothing waits any more, with their deliveries and attempts; answers with how
-- many of those were so old, the last of them, and how many rows are gone.
with first as materialized (
  select id, created_at < now() - make_interval(days => $1::int) as expired
  from events where id > $3::bigint order by id limit $2::int
), waiting as materialized (
  select event_id from deliveries
  where event_id between (select min(id) from first) and (select max(id) from first) and due_at is not null
), old as materialized (
  select id from first where expired and id not in (select event_id from waiting)
), deliveries_gone as (
  delete from deliveries d using old o
  where d.event_id = o.id and d.event_id between (select min(id) from old) and (select max(id) from old)
  returning d.id
), attempts_gone as (
  delete from attempts a using deliveries_gone d where a.delivery_id = d.id returning 1
), gone as (
  delete from events e using old o where e.id = o.id returning 1
)
select (select count(*) from first where expired), (select max(id) from first),
  (select count(*) from gone) + (select count(*) from deliveries_gone) + (select count(*) from attempts_gone)
