-- When an order was last changed, so that whoever is told of it can drop what comes late. The clock,
-- not the start of the transaction: of two changes the later one has the later time, for the row was
-- locked in between. Who writes many orders at once sets it himself, and is not asked by row.
drop function order_data(orders); -- PostgreSQL adds no column to a row that a function takes
alter table orders add updated_at timestamptz not null default now();

create function order_changed() returns trigger
language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;
create trigger order_changed before update on orders for each row
when (new.updated_at = old.updated_at) execute function order_changed();

-- As GET /api/orders shows it; of one that is cancelled no attempt is to come that a receiver minds.
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
