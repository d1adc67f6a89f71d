-- What a webhook is told, and how: only events whose data say what its filter asks for, as the body that
-- it was always sent or as a CloudEvent.
alter table webhooks
  add filter jsonb check (jsonb_typeof(filter) = 'object'),
  add form   text not null default 'plain' check (form in ('plain', 'cloudevents'));

-- Data that jsonb does not take, such as 1e999999, are null: a filter lets them pass, so that nothing is lost.
create function event_json(data json) returns jsonb
language plpgsql immutable parallel safe as $$
begin
  return data::jsonb;
exception when data_exception then
  return null;
end $$;

-- True if for each member of the filter, a path such as "items.sku", one of the values that it lists is
-- there: of a list in the data any element counts.
create function event_passes(filter jsonb, data jsonb) returns boolean
language sql immutable parallel safe
return filter is null or data is null or (
  select coalesce(bool_and(jsonb_path_exists(data,
    ('$."' || replace(f.key, '.', '"."') || '" ? (@ == $wanted[*])')::jsonpath,
    jsonb_build_object('wanted', f.value))), true)
  from jsonb_each(filter) f);
