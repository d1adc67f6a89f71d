drop function deliveries_floor;
drop index events_of_product, events_type, deliveries_open, deliveries_event;
create index deliveries_event on deliveries using brin (event_id) with (pages_per_range = 16, autosummarize = on);
