-- The events of the orders $2, each of which has just become what $1 says.
select order_events($1::text[], $2::bigint[])
