drop function order_status(text, timestamptz, xid);
