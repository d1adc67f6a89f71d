-- What an event says of the change: `changed` in its data, an object of [before, after] by name.
alter table outbox add changed json[]; -- of each subject; null, or null of one: nothing is said

-- inventory.changed is told to those that name it, for it is one event for each product that a
-- transaction moves; whoever asks for inventory.* or * means what is rare.
create or replace function event_names(type text) returns text[]
language sql immutable parallel safe
return case when type ~ '^(webhook|delivery)[.]|^inventory[.]changed$' then array[type]
  else array[type, split_part(type, '.', 1) || '.*', '*'] end;

-- An event's data with what changed.
create function event_data(data json, changed json) returns json
language sql immutable parallel safe
return case when changed is null then data
  else (data::jsonb || jsonb_build_object('changed', changed))::json end;

-- What a product was and is, of the columns in `mask` (as in import_changes, whose old values these may
-- be), and of each detail that differs. Long texts are cut.
create function product_changed(mask integer, was_sku text, was_name text, was_description text,
  was_category text, was_price numeric, was_active boolean, was_reorder_level integer, was_details jsonb, p products)
returns json
language sql immutable parallel safe
return (select coalesce(json_object_agg(c.name, json_build_array(c.was, c.now)), '{}')
  from (
    select name, to_json(was) as was, to_json(now) as now
    from (values (1, 'sku', was_sku, p.sku), (2, 'name', was_name, p.name),
        (4, 'description', left(was_description, 200), left(p.description, 200)),
        (8, 'category', was_category, p.category), (16, 'price', was_price::text, p.price::text))
      as t(bit, name, was, now)
    where mask & bit <> 0
    union all
    select 'active', to_json(was_active), to_json(p.active) where mask & 32 <> 0
    union all
    select 'reorder_level', to_json(was_reorder_level), to_json(p.reorder_level) where mask & 64 <> 0
    union all
    select key, to_json(left(was_details ->> key, 200)), to_json(left(p.details ->> key, 200))
    from jsonb_object_keys(coalesce(was_details, '{}') || coalesce(p.details, '{}')) key
    where mask & 256 <> 0 and was_details ->> key is distinct from p.details ->> key
  ) c);

-- The same of one that was `o`.
create function product_changed(o products, p products) returns json
language sql immutable parallel safe
return product_changed(
  (o.sku is distinct from p.sku)::int + 2 * (o.name is distinct from p.name)::int
    + 4 * (o.description is distinct from p.description)::int + 8 * (o.category is distinct from p.category)::int
    + 16 * (o.price is distinct from p.price)::int + 32 * (o.active is distinct from p.active)::int
    + 64 * (o.reorder_level is distinct from p.reorder_level)::int
    + 256 * (o.details is distinct from p.details)::int,
  o.sku, o.name, o.description, o.category, o.price, o.active, o.reorder_level, o.details, p);

-- product.updated of the products ids[i], of which changes[i] changed; as product_events does it.
create function product_updates(ids bigint[], changes json[]) returns void
language plpgsql as $$
begin
  if cardinality(ids) = 0 or not event_wanted('product.updated') then
    return;
  end if;
  if cardinality(ids) <= 100 then
    insert into outbox (type, subjects, data, changed)
    select 'product.updated', array_agg(p.id order by p.id), array_agg(product_data(p) order by p.id),
      array_agg(i.change order by p.id)
    from unnest(ids, changes) i(id, change)
    join products p on p.id = i.id
    having count(*) > 0;
  else
    insert into outbox (type, subjects, changed)
    select 'product.updated', array_agg(i.id order by i.no), array_agg(i.change order by i.no)
    from unnest(ids, changes) with ordinality i(id, change, no)
    group by (i.no - 1) / 1000 order by (i.no - 1) / 1000;
  end if;
end
$$;

-- order.cancelled says what the order was, for one that was completed has taken its stock.
create or replace function order_cancelled() returns trigger
language plpgsql as $$
begin
  if event_wanted('order.cancelled') then
    insert into outbox (type, subjects, data, changed)
    select 'order.cancelled', array[new.id], array[order_data(new)],
      case when tg_op = 'UPDATE'
        then array[json_build_object('status', json_build_array(old.status, new.status))] end;
  end if;
  return null;
end
$$;

-- As events tell of stock.
create function stock_data(s stock, p products) returns json
language sql stable parallel safe
return json_build_object('available', s.on_hand, 'product_id', p.id, 'product_name', p.name,
  'product_sku', p.sku, 'quantity', s.on_hand, 'is_low_stock', s.level <> 'ok',
  'reorder_level', p.reorder_level, 'reserved', 0, 'updated_at', utc(s.updated_at));

create function quantity_changed(was integer, now integer) returns json
language sql immutable parallel safe
return case when was <> now then json_build_object('quantity', json_build_array(was, now)) end;

create or replace function stock_crossed() returns trigger
language plpgsql as $$
declare
  named text := 'inventory.' || new.level;
begin
  if event_wanted(named) then
    insert into outbox (type, subjects, data, changed)
    select named, array[p.id], array[stock_data(new, p)], array[quantity_changed(old.on_hand, new.on_hand)]
    from products p where p.id = new.product_id and p.deleted_at is null;
  end if;
  return null;
end
$$;

-- Once for each product and transaction: one that moves a product again takes back what it had to tell
-- of it, and tells of both moves as one.
create function stock_moved() returns trigger
language plpgsql as $$
begin
  -- As event_wanted() does it; written here it has a plan that is kept, for this runs with each move.
  if not exists (select from webhooks where deleted_at is null and 'inventory.changed' = any(event_types))
      and not exists (select from kept_types where 'inventory.changed' = any(event_types)) then
    return null;
  end if;
  with moved as materialized (
    select s as row, o.on_hand as was
    from was o join now n on n.product_id = o.product_id
    join stock s on s.product_id = n.product_id
    where n.on_hand <> o.on_hand
  ), taken as (
    delete from outbox
    where current_setting('fulfil.stock_moved', true) = 'yes' and type = 'inventory.changed'
      and created_at = now()
      and subjects && array(select (row).product_id from moved)
    returning subjects, data, changed
  ), before as materialized (
    select b.* from taken t cross join unnest(t.subjects, t.data, t.changed) b(id, data, change)
  ), told as (
    select p.id, stock_data(m.row, p) as data,
      quantity_changed(coalesce((b.change -> 'quantity' ->> 0)::int, m.was), (m.row).on_hand) as change
    from moved m
    join products p on p.id = (m.row).product_id and p.deleted_at is null
    left join before b on b.id = p.id
    union all
    select b.id, b.data, b.change from before b where b.id not in (select (row).product_id from moved)
  ), numbered as (
    select *, row_number() over (order by id) as no from told where change is not null
  )
  insert into outbox (type, subjects, data, changed)
  select 'inventory.changed', array_agg(id order by id), array_agg(data order by id), array_agg(change order by id)
  from numbered group by (no - 1) / 1000 order by (no - 1) / 1000;
  perform set_config('fulfil.stock_moved', 'yes', true);
  return null;
end
$$;
create trigger stock_moved after update on stock referencing old table as was new table as now
for each statement execute function stock_moved();
