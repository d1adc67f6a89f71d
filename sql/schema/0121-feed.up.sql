-- Types of events that are kept although no webhook may ask for them, for those who fetch events. One
-- row at most; fulfil-notify writes it as its setting says.
create table kept_types (
  only_one    boolean primary key default true check (only_one),
  event_types text[] not null -- as those of webhooks
);

-- Changes are told of while a webhook asks for them, whether it is enabled or not, or they are kept.
create or replace function event_wanted(p_type text) returns boolean
language sql stable
begin atomic
  select exists (select from webhooks where deleted_at is null and event_types && event_names(p_type))
    or exists (select from kept_types where event_types && event_names(p_type));
end;

create or replace function order_events(types text[], ids bigint[]) returns void
language plpgsql as $$
begin
  if not exists (select from webhooks where deleted_at is null) and not exists (select from kept_types) then
    return;
  end if;
  insert into outbox (type, subjects, data)
  select w.type, array_agg(o.id order by o.id),
    array_agg(case when w.type = 'order.shipped'
                   then (order_data(o)::jsonb || jsonb_build_object('shipments', order_shipments(o)))::json
                   else order_data(o) end order by o.id)
  from (select type from unnest(types) t(type) group by type having event_wanted(type)) w
  join unnest(types, ids) c(type, id) on c.type = w.type
  join orders o on o.id = c.id
  group by w.type;
end
$$;
