-- Cancels the order of shop $1 with the external id $2, as a person did.
select order_cancel(id) from orders where shop = $1::text and external_id = $2::bigint
