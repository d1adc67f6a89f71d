-- The crossings of the locked products $1 were told of.
update stock set alert_due = false where product_id = any($1::bigint[])
