drop index deliveries_event;
drop index events_of_order;
