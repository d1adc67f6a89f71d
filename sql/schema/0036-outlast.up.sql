-- For how many seconds a delivery is tried beyond its webhook's retry_count: 0 is not at all. Webhooks
-- that are there keep the schedule that they were made with.
alter table webhooks add column retry_for integer not null default 0 check (retry_for between 0 and 604800);

-- By hand, until it is taken back: deliveries wait.
alter table webhooks add column paused boolean not null default false;

-- Secrets that were replaced before webhooks.previous_secret was, and still sign.
create table old_secrets (
  webhook_id bigint not null,
  secret     text not null,
  until      timestamptz not null,
  primary key (webhook_id, secret)
);

-- All secrets that sign beside the present one, the newest first and ten at most, a line each; null:
-- there is none.
create function webhook_old_secrets(w webhooks) returns text
language sql stable
begin atomic
  select string_agg(o.secret, E'\n' order by o.until desc)
  from (
    select w.previous_secret as secret, w.previous_until as until where w.previous_until > now()
    union all
    select secret, until from old_secrets where webhook_id = w.id and until > now()
    order by until desc limit 10
  ) o;
end;
