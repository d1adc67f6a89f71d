drop trigger stock_moved on stock;
drop function stock_moved;

create or replace function stock_crossed() returns trigger
language plpgsql as $$
declare
  named text := 'inventory.' || new.level;
begin
  if event_wanted(named) then
    insert into outbox (type, subjects, data)
    select named, array[p.id], array[json_build_object('available', new.on_hand, 'product_id', p.id,
      'product_name', p.name, 'product_sku', p.sku, 'quantity', new.on_hand, 'is_low_stock', true,
      'reorder_level', p.reorder_level, 'reserved', 0, 'updated_at', utc(new.updated_at))]
    from products p where p.id = new.product_id and p.deleted_at is null;
  end if;
  return null;
end
$$;
drop function quantity_changed;
drop function stock_data;

create or replace function order_cancelled() returns trigger
language plpgsql as $$
begin
  perform order_events(array['order.cancelled'], array[new.id]);
  return null;
end
$$;

drop function product_updates;
drop function product_changed(products, products);
drop function product_changed(integer, text, text, text, text, numeric, boolean, integer, jsonb, products);
drop function event_data;

create or replace function event_names(type text) returns text[]
language sql immutable parallel safe
return case when type ~ '^(webhook|delivery)[.]' then array[type]
  else array[type, split_part(type, '.', 1) || '.*', '*'] end;

delete from outbox where type = 'inventory.changed';
alter table outbox drop changed;
