-- order.shipped: a fulfillment of an order became known, or changed. Its data has the shipments.
create function order_shipments(o orders) returns json
language sql stable
begin atomic
  select coalesce(json_agg(h), '[]')
  from (select external_id::text as id, status, utc(shipped_at) as shipped_at, company, tracking,
          (select coalesce(json_agg(s order by s.line_no), '[]')
           from (select i.line_no, i.sku, (s->>'quantity')::bigint as quantity
                 from jsonb_array_elements(h.lines) s
                 join order_items i on i.order_id = o.id and i.external_id = (s->>'id')::bigint) s)
            as lines
        from shipments h
        where h.shop = o.shop and h.external_order_id = o.external_id
        order by h.external_id) h;
end;

create or replace function order_events(types text[], ids bigint[]) returns void
language plpgsql as $$
begin
  if not exists (select from webhooks where deleted_at is null) then
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

-- What was told of an order, without what tells of a person.
create function order_data_nameless(data jsonb) returns jsonb
language sql immutable parallel safe
return data || '{"customer_name": null, "customer_email": null}'
  || case when data ? 'shipments'
          then jsonb_build_object('shipments', (select coalesce(jsonb_agg(s || '{"tracking": []}'), '[]')
                                                from jsonb_array_elements(data->'shipments') s))
          else '{}' end;
