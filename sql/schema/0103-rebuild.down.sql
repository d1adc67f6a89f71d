drop function rebuild_apart(orders);
drop function rebuild_whole(orders);
