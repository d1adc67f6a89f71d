-- Deliveries are found by what they are about, and by their state, among a million and a half.
create index events_of_product on events (subject) where type not like 'order.%';
create index events_type on events (type, id);
drop index deliveries_event;
create index deliveries_event on deliveries (event_id);
create index deliveries_open on deliveries (webhook_id, state, id) where state <> 'delivered';

-- The id from which on deliveries to a webhook can be younger than `since`, found by bisection: ids
-- ascend with time, except among transactions that ran at once, for which it allows 5 minutes.
create function deliveries_floor(webhook bigint, since timestamptz) returns bigint
language sql stable
begin atomic
  with recursive span(low, high) as (
    (select min(id), max(id) + 1 from deliveries where webhook_id = webhook)
    union all
    select case when before then middle + 1 else low end, case when before then high else middle end
    from span, lateral (select (low + high) / 2 as middle) m,
      lateral (select coalesce((select created_at < since - interval '5 min' from deliveries
                                where webhook_id = webhook and id >= middle order by id limit 1), false) as before) p
    where low < high
  )
  select coalesce(max(low), 0) from span where low >= high;
end;
