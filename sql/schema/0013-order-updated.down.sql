drop trigger order_changed on orders;
drop function order_changed, order_data;
alter table orders drop updated_at;

create function order_data(o orders) returns json
language sql stable
begin atomic
  select row_to_json(d)
  from (
    select o.id, o.external_id::text as external_order_id, o.status, o.name, o.customer_name,
      o.customer_email, o.total_amount::text, o.currency, o.source, o.shop, o.test, o.retry_count,
      utc(o.next_attempt_at) as next_attempt_at, o.error_message, o.notes,
      utc(o.processed_at) as processed_at, utc(o.created_at) as created_at,
      (select coalesce(json_agg(i), '[]')
       from (select line_no, sku, name, quantity, unit_price::text,
               (unit_price * quantity)::text as line_total
             from order_items where order_id = o.id order by line_no) i) as items
  ) d;
end;
