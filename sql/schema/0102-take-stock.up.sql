-- TAKE_STOCK=paid: an order that was not paid when it came takes nothing until it is.
-- Null: it takes as it comes. True: it waits for its payment. False: it did, and was paid.
alter table orders add unpaid boolean;
