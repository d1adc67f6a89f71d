alter table order_changes add plain boolean not null default false;
update order_changes set plain = return_id = -1 where return_id is not null;
alter table order_changes drop return_id;
