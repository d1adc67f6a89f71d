drop table unplaced_returns;
drop index order_changes_reverse;
delete from order_changes where kind in ('disposal', 'reverse');
alter table order_changes drop constraint order_changes_kind_check;
alter table order_changes add constraint order_changes_kind_check check (kind in ('refund', 'edit'));
alter table order_changes drop plain;
