drop function rate_from;
drop function event_lane;
update deliveries set due_at = now() where due_at = '9999-01-01Z';
drop index deliveries_lane;
alter table deliveries drop lane;
alter table webhooks drop rate, drop rate_until, drop in_order;
