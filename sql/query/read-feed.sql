-- Events in the order in which they were made, $4 at most, of the types $5 (null: any): those after the
-- event with the id $1 whose time is $2 microseconds in hex, or not before the time $3, or (both null)
-- all that are kept. The first row is about the page: the event to go on after, whether there are
-- more, and whether nothing between $1 and the first one may be gone. Of types that are asked for,
-- 20,000 events are looked at.
with recursive span(low, high) as ( -- to the first that can be of that time, as find-rows-since
  (select min(id), max(id) + 1 from events where $3::timestamptz is not null)
  union all
  select case when before then middle + 1 else low end, case when before then high else middle end
  from span, lateral (select (low + high) / 2 as middle) m,
    lateral (select coalesce((select created_at < $3 - interval '5 min' from events
                              where id >= middle order by id limit 1), false) as before) p
  where low < high
), start as materialized (
  select case when $3 is not null
      then coalesce((select min(id) - 1 from events
                     where id >= (select max(low) from span where low >= high) and created_at >= $3),
        (select max(id) from events), 0)
    else coalesce($1::bigint, 0) end as after
), seen as materialized (
  select e.id, e.type
  from start s cross join lateral (
    select id, type from events where id > s.after
    order by id limit case when $5::text is null then $4::int else 20000 end) e
), chosen as materialized (
  select id from seen
  where $5 is null or event_names(type) && string_to_array($5, ',')
  order by id limit $4
), edge as materialized (
  select case when (select count(*) from chosen) = $4 then (select max(id) from chosen)
    else coalesce((select max(id) from seen), after) end as id
  from start
)
select 0::bigint as id, coalesce(
    (select format('evt_%s_%s', e.id, to_hex((extract(epoch from e.created_at) * 1000000)::bigint))
     from events e where e.id = edge.id),
    case when $1 is not null and $3 is null then format('evt_%s_%s', $1, $2::text) end, '') as text,
  exists (select from events e where e.id > edge.id) as more,
  $1 is null or $3 is not null or exists (
    select from events e
    where e.id = $1 and to_hex((extract(epoch from e.created_at) * 1000000)::bigint) = $2) as complete
from edge
union all
select e.id, format('{"event_id":"evt_%s_%s","event":"%s","sequence":%s,"subject":%s,"timestamp":%s,"created_at":%s,"data":%s}',
    e.id, to_hex((extract(epoch from e.created_at) * 1000000)::bigint), e.type, e.sequence, e.subject,
    floor(extract(epoch from e.created_at))::bigint, to_json(utc(e.created_at)), e.data), null, null
from chosen c join events e on e.id = c.id
order by id
