-- Queues a webhook event for each of the orders $2, which have just become what $1 says.
select order_events($1::text[], $2::bigint[])
