drop function order_data_nameless(jsonb);

create or replace function order_events(types text[], ids bigint[]) returns void
language plpgsql as $$
begin
  if not exists (select from webhooks where deleted_at is null) then
    return;
  end if;
  insert into outbox (type, subjects, data)
  select w.type, array_agg(o.id order by o.id), array_agg(order_data(o) order by o.id)
  from (select type from unnest(types) t(type) group by type having event_wanted(type)) w
  join unnest(types, ids) c(type, id) on c.type = w.type
  join orders o on o.id = c.id
  group by w.type;
end
$$;

drop function order_shipments(orders);
