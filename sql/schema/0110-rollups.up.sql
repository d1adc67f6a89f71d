-- What became of orders, by the minute and by the hour, so that a chart of a month reads a few hundred rows.
-- fulfil-scan folds them; what is younger is counted from the orders and runs themselves. A run that ends in
-- a transaction of over 5 minutes is left out.
create table rollups (
  minutes   smallint not null check (minutes in (1, 60)),
  at        timestamptz not null, -- its beginning, in UTC
  received  integer not null default 0,
  completed integer not null default 0,
  failed    integer not null default 0, -- runs, as the next
  retried   integer not null default 0,
  times     integer[] not null default '{}', -- completed orders by the time they took; see rollup_class
  primary key (minutes, at)
);

-- The class of a time from intake to completed: class n ends at 2 ^ (n / 4) ms.
create function rollup_class(ms double precision) returns integer
language sql immutable parallel safe
return greatest(1, ceil(4 * log(2, greatest(ms, 1)::numeric)))::integer;

-- The time in ms that this part of them took at most, from 0 to 1; null of none. True to 9 %.
create function rollup_time(times bigint[], part double precision) returns integer
language sql immutable parallel safe
return (
  select round(2 ^ ((n - 0.5) / 4))::integer
  from (select n, sum(many) over (order by n) as upto, sum(many) over () as total
        from unnest(times) with ordinality t(many, n)) c
  where upto >= part * total and total > 0
  order by n limit 1
);

-- Adds up each class.
create function rollup_add(times bigint[], more integer[]) returns bigint[]
language sql immutable parallel safe
return (
  select array_agg(coalesce(a, 0) + coalesce(b, 0) order by n)
  from unnest(times, more) with ordinality t(a, b, n)
);
create aggregate rollup_sum(integer[]) (sfunc = rollup_add, stype = bigint[], initcond = '{}');

-- Counts what came and ended from `since` on and before `upto`, by the minute; minutes without anything have
-- no row. Ids ascend with time, except among transactions that ran at once, for which it allows 5 minutes.
create function rollup_count(since timestamptz, upto timestamptz)
returns table (at timestamptz, received bigint, completed bigint, failed bigint, retried bigint, times integer[])
language plpgsql stable as $$
#variable_conflict use_column
declare
  first_order bigint;
  first_run bigint;
  low bigint;
  high bigint;
  middle bigint;
  before boolean;
begin
  select min(id), max(id) + 1 into low, high from orders;
  while low < high loop
    middle := (low + high) / 2;
    before := (select created_at < rollup_count.since - interval '5 min' from orders
               where id >= middle order by id limit 1);
    if before then low := middle + 1; else high := middle; end if;
  end loop;
  first_order := low;
  select min(id), max(id) + 1 into low, high from sync_logs;
  while low < high loop
    middle := (low + high) / 2;
    before := (select created_at < rollup_count.since - interval '5 min' from sync_logs
               where id >= middle order by id limit 1);
    if before then low := middle + 1; else high := middle; end if;
  end loop;
  first_run := low;
  return query
  with came as (
    select date_trunc('minute', o.created_at) as at, count(*) as many
    from orders o
    where o.id >= first_order and o.created_at >= rollup_count.since and o.created_at < upto
    group by 1
  ), ended as (
    select date_trunc('minute', l.created_at) as at, l.status,
      case when l.status = 'success' then rollup_class(
        extract(epoch from l.created_at - o.created_at) * 1000 + l.duration_ms) end as class, count(*) as many
    from sync_logs l
    left join orders o on o.id = l.order_id and l.status = 'success'
    where l.id >= first_run and l.task_name = 'process_order'
      and l.created_at >= rollup_count.since and l.created_at < upto
    group by 1, 2, 3
  ), classes as (
    select m.at, array_agg(coalesce(e.many, 0)::integer order by n) as times
    from (select e.at, max(class) as most from ended e where class is not null group by e.at) m
    cross join lateral generate_series(1, m.most) n
    left join ended e on e.at = m.at and e.class = n
    group by m.at
  ), runs as (
    select e.at, sum(many) filter (where status = 'success') as completed,
      sum(many) filter (where status = 'failure') as failed, sum(many) filter (where status = 'retry') as retried
    from ended e group by e.at
  )
  select at, coalesce(c.many, 0), coalesce(r.completed, 0)::bigint, coalesce(r.failed, 0)::bigint,
    coalesce(r.retried, 0)::bigint, coalesce(k.times, '{}')
  from came c full join runs r using (at) left join classes k using (at);
end
$$;
