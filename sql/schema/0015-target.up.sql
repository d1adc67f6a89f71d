-- What an order must hold is worked out by one function in C from all that was
-- received about it (lib/order/target.h), and remembered here: what each line is,
-- which product it takes from, and which of its units never were on our shelf.

alter table payloads
  add triggered_at timestamptz, -- X-Shopify-Triggered-At
  add api_version  text,
  add event_id     text,
  add history      boolean;     -- taken in as history: fulfil-recv --history

drop function order_data(orders); -- PostgreSQL adds no column to a row that a function takes
drop function order_can_retry(orders);
alter table orders
  add waited            boolean not null default false, -- an attempt found too little stock
  add shop_triggered_at timestamptz, -- of the version of the payload we hold
  add first_updated_at  timestamptz, -- the first version; null: the one we hold
  add first_shipped     boolean,     -- in the first version some or all had been shipped
  add history_before    timestamptz; -- the order is older than this; null: it is not history

alter table order_items
  add product_id bigint,  -- what the line takes from, once it took; before, what has its SKU
  add kept       integer, -- of target: refunded and not put back; null: 0
  add base       integer, -- of target: never on our shelf; null: 0
  add least      integer, -- the lowest quantity of any version; null: quantity
  add shipped    integer, -- of current, in the first version; null: 0
  add seen       boolean not null default true, -- in a version of the order, not only in a refund
  add cause      text,    -- why target last changed; null: the order
  add cause_id   bigint;  -- the refund or the edit

alter table order_changes
  add source_id bigint,   -- the refund or the edit that the row is of
  add returned  boolean not null default false, -- restock_type return
  add unshipped boolean not null default false, -- restock_type cancel
  add first     boolean not null default false; -- the first version of the order lists it

update order_items i
set product_id = l.product_id
from (select distinct l.order_id, l.product_id, lower(p.sku) as sku
      from ledger l join products p on p.id = l.product_id where l.order_id is not null) l
where l.order_id = i.order_id and l.sku = lower(i.sku);

-- What an edit removes is in the order and its refund.
delete from order_changes where kind = 'edit' and removed > 0;

alter table ledger drop constraint ledger_reason_check;
alter table ledger add constraint ledger_reason_check check (reason in
  ('order', 'change', 'cancel', 'release', 'refund', 'return', 'edit', 'set', 'add', 'import'));
alter table ledger add source_id bigint; -- the refund or the edit that a row follows from

-- Step by step: PostgreSQL 17 adds no column with a default to a row that a function takes.
alter table products add stocked boolean; -- no: its lines take nothing
update products set stocked = true;
alter table products alter stocked set default true, alter stocked set not null;

-- Why a line moves no stock, once it is known whether a product has its SKU, and whether that is
-- stocked: null if none has it.
create function line_skip(skip text, stocked boolean) returns text
language sql immutable parallel safe
return case when skip is null or skip in ('custom', 'not_shipped')
            then case when stocked then null when stocked is null then skip else 'not_stocked' end
            else skip end;

create function order_data(o orders) returns json
language sql stable
begin atomic
  select row_to_json(d)
  from (
    select o.id, o.external_id::text as external_order_id, o.status, o.name, o.customer_name,
      o.customer_email, o.total_amount::text, o.currency, o.source, o.shop, o.test, o.retry_count,
      case when o.status <> 'cancelled' then utc(o.next_attempt_at) end as next_attempt_at,
      o.error_message, o.notes,
      utc(o.processed_at) as processed_at, utc(o.created_at) as created_at,
      utc(o.updated_at) as updated_at,
      (select coalesce(json_agg(i), '[]')
       from (select line_no, sku, name, quantity, unit_price::text,
               (unit_price * quantity)::text as line_total
             from order_items where order_id = o.id order by line_no) i) as items
  ) d;
end;

-- A completed order can have a change that failed.
create function order_can_retry(o orders) returns boolean
language sql stable parallel safe
return o.status = 'failed'
  or (o.retry_count > 0 and coalesce(o.next_attempt_at > now(), false))
  or (o.status in ('cancelled', 'completed') and o.next_attempt_at is null and o.error_message is not null);

create or replace function order_cancel(wanted bigint, out r_status text, out r_done boolean)
language plpgsql as $$
declare
  o orders;
  took boolean;
begin
  select * into o from orders where id = wanted for no key update;
  r_status := o.status;
  r_done := found and o.status <> 'cancelled';
  if not r_done then
    return;
  end if;
  update order_items set target = coalesce(kept, 0), cause = 'cancel', cause_id = null
  where order_id = wanted and target <> coalesce(kept, 0);
  took := exists (select from ledger l where l.order_id = wanted);
  update orders set status = 'cancelled', error_message = null, retry_count = 0, crash_count = 0,
    run = run + took::int, next_attempt_at = case when took then now() end
  where id = wanted;
  r_status := 'cancelled';
end
$$;

-- Who calls it by its old name: nobody is left.
drop function order_take_in(text, bigint, text, text, text, text, numeric, text, boolean, boolean,
  timestamptz, text, jsonb, jsonb, text, text, bytea, bytea);
drop function order_set_targets(bigint, boolean, timestamptz);
drop function order_demand(bigint);
