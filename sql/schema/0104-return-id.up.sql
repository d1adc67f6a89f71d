-- Of which return a refund is: returns of one line are told apart. -1: it says that it is of none;
-- null: it does not say.
alter table order_changes add return_id bigint;
update order_changes set return_id = -1 where plain;
alter table order_changes drop plain;
