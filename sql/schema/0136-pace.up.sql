-- How a webhook may be sent to: at most so many deliveries a second, and those of one order or product
-- one after another.
alter table webhooks
  add rate       integer not null default 0 check (rate between 0 and 1000), -- 0: any number
  add rate_until timestamptz,                   -- up to this time its rate is used up
  add in_order   boolean not null default false;

-- What a delivery of a webhook with in_order is about: 'order 5', 'product 7'. The first of these that
-- waits is due; those after it have the time 9999-01-01 until it has ended.
alter table deliveries add lane text;
create index deliveries_lane on deliveries (webhook_id, lane, id) where lane is not null and due_at is not null;

create function event_lane(type text, subject bigint) returns text
language sql immutable parallel safe
return case split_part(type, '.', 1) when 'order' then 'order ' || subject
  when 'product' then 'product ' || subject when 'inventory' then 'product ' || subject end;

-- From when on a webhook has not used its rate: what it left unused for more than a quarter of a second,
-- or the time of one delivery, is lost.
create function rate_from(w webhooks) returns timestamptz
language sql stable parallel safe
return greatest(w.rate_until, now() - greatest(1.0 / w.rate + 0.001, 0.25) * interval '1 s');
