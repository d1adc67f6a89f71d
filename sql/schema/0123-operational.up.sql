-- What a webhook may ask for to be told of this type. Events about webhooks themselves are told to those
-- that name them; whoever asks for all means what happens in the shop.
create or replace function event_names(type text) returns text[]
language sql immutable parallel safe
return case when type ~ '^(webhook|delivery)[.]' then array[type]
  else array[type, split_part(type, '.', 1) || '.*', '*'] end;

-- The webhook that such an event is about, which is not told of it itself; null of any other event.
create function event_about(type text, data json) returns bigint
language sql immutable parallel safe
return case when type ~ '^(webhook|delivery)[.]' then (data ->> 'webhook_id')::bigint end;
