-- Webhooks that cannot be told now; each was told once by a scan.
create table webhook_alarms (
  webhook_id bigint not null,
  kind       text not null check (kind in ('webhook_failing', 'webhook_disabled')),
  since      timestamptz not null default now(),
  primary key (webhook_id, kind)
);
