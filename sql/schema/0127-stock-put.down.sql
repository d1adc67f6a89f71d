drop trigger stock_put on stock;
create trigger backorder_stocked after insert on stock for each row
when (new.on_hand > 0) execute function backorder_restocked();
drop function stock_put();
