create or replace function order_can_retry(o orders) returns boolean
language sql stable parallel safe
return o.status = 'failed'
  or (o.retry_count > 0 and coalesce(o.next_attempt_at > now(), false))
  or (o.status in ('cancelled', 'completed') and o.next_attempt_at is null and o.error_message is not null);

-- Nobody would try these any more.
update orders set status = 'failed' where status = 'pending' and next_attempt_at is null and waited;

drop function backorders_expire(integer);
drop function backorders_wake(boolean);
drop function backorder_blocked(backorders);
drop trigger backorder_cancelled on orders;
drop function backorder_cancelled();
drop trigger backorder_product_changed on products;
drop trigger backorder_product_made on products;
drop function backorder_product_news();
drop trigger backorder_stocked on stock;
drop trigger backorder_restocked on stock;
drop function backorder_restocked();
drop table backorder_calls;
drop table backorders;
