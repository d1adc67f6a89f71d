-- For an order's page: who was told of it. Deliveries lie about in the order of their events, so the
-- small index will do, and costs who delivers nothing.
create index events_of_order on events (subject) where type like 'order.%';
create index deliveries_event on deliveries using brin (event_id) with (pages_per_range = 16, autosummarize = on);
