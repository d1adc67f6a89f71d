-- What came back: disposals of returns beside refunds and edits, and those of which the order
-- is not known yet.
alter table order_changes drop constraint order_changes_kind_check;
alter table order_changes add constraint order_changes_kind_check
  check (kind in ('refund', 'edit', 'disposal', 'reverse'));
alter table order_changes add plain boolean not null default false; -- a refund that says it is of no return

create index order_changes_reverse on order_changes (external_id) where kind = 'reverse';

-- Payloads of returns that name lines of reverse fulfillment orders which no order has.
create table unplaced_returns (
  shop       text not null,
  reverse_id bigint not null,
  payload_id bigint not null references payloads on delete cascade,
  primary key (shop, reverse_id, payload_id)
);
create index on unplaced_returns (payload_id);
