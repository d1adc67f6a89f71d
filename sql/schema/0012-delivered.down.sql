drop function deliveries_made(timestamptz, integer);
drop index deliveries_ended;
