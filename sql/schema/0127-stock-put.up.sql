-- The first stock of a product, by the statement and not by the row. That of a product made in the same
-- transaction calls nobody: backorder_product_made has called all who wait for it by its SKU.
create function stock_put() returns trigger
language plpgsql as $$
begin
  insert into backorder_calls (product_id)
  select n.product_id from put n join products p on p.id = n.product_id
  where n.on_hand > 0 and p.created_at <> now();

  if not exists (select from webhooks where deleted_at is null and 'inventory.changed' = any(event_types))
      and not exists (select from kept_types where 'inventory.changed' = any(event_types)) then
    return null;
  end if;
  with told as (
    select p.id, stock_data(s, p) as data, quantity_changed(0, n.on_hand) as change,
      row_number() over (order by p.id) as no
    from put n
    join stock s on s.product_id = n.product_id
    join products p on p.id = n.product_id and p.deleted_at is null
    where n.on_hand > 0
  )
  insert into outbox (type, subjects, data, changed)
  select 'inventory.changed', array_agg(id order by id), array_agg(data order by id), array_agg(change order by id)
  from told group by (no - 1) / 1000 order by (no - 1) / 1000;
  -- So that stock_moved() takes it back if the transaction moves the product again.
  perform set_config('fulfil.stock_moved', 'yes', true);
  return null;
end
$$;
drop trigger backorder_stocked on stock;
create trigger stock_put after insert on stock referencing new table as put
for each statement execute function stock_put();
