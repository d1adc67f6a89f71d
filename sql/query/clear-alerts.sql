-- Marks the crossings of the locked products $1 as reported.
update stock set alert_due = false where product_id = any($1::bigint[])
