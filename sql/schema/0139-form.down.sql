drop function event_passes(jsonb, jsonb), event_json(json);
alter table webhooks drop filter, drop form;
