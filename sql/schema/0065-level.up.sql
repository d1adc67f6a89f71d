-- 0065-level: up. Runs in one transaction: no BEGIN or COMMIT here.
-- Before checksums were kept, 0001, 0004 and 0005 were edited after they had been applied to databases
-- somewhere. This brings such a database to what the files make today, with all its rows, and does nothing
-- to any other: each part looks first for what is only in an old one.

create table if not exists sign_in_failures (
  remote_addr text not null,
  at          timestamptz not null default now()
);
create index if not exists sign_in_failures_at on sign_in_failures (at);

do $level$
begin
  if exists (select from pg_proc
             where proname = 'order_take_in' and pronamespace = current_schema()::regnamespace
               and (prosrc like '%the payload has no line_items''%'
                 or not 'r_run' = any(proargnames))) then
    drop function order_take_in;
    execute $new$
create function order_take_in(
  p_shop text, p_external_id bigint, p_kind text, p_name text, p_customer_name text,
  p_customer_email text, p_total numeric, p_currency text, p_test boolean, p_cancelled boolean,
  p_updated_at timestamptz, p_notes text, p_lines jsonb, p_changes jsonb, p_topic text,
  p_webhook_id text, p_digest bytea, p_body bytea,
  out r_id bigint, out r_outcome text, out r_why text, out r_due boolean, out r_run integer
)
language plpgsql as $$
declare
  o orders;
  whole boolean := p_kind = 'order';
  newer boolean;
  before jsonb;
  changed boolean;
  added integer;
begin
  insert into orders (shop, external_id, awaited) values (p_shop, p_external_id, true)
  on conflict (external_id, shop) do nothing;
  select * into strict o from orders
  where shop = p_shop and external_id = p_external_id for no key update;
  r_id := o.id;
  r_due := false;
  if exists (select from payloads p where p.order_id = o.id and p.digest = p_digest) then
    r_outcome := 'duplicate';
    r_why := 'this payload was stored before';
    return;
  end if;
  insert into payloads (order_id, shop, topic, webhook_id, digest, body, note)
  values (o.id, p_shop, p_topic, p_webhook_id, p_digest, p_body,
    case when exists (select from payloads p where p.webhook_id = p_webhook_id)
         then 'this webhook id came before, with another body' end);

  before := order_demand(o.id);
  newer := whole and (o.awaited or p_updated_at is null or o.shop_updated_at is null
                      or p_updated_at >= o.shop_updated_at);
  if newer then
    o.name := p_name; o.customer_name := p_customer_name; o.customer_email := p_customer_email;
    o.total_amount := p_total; o.currency := p_currency; o.test := p_test;
    o.notes := p_notes;
    o.shop_updated_at := coalesce(p_updated_at, o.shop_updated_at);
    delete from order_items i where i.order_id = o.id;
    insert into order_items (order_id, line_no, external_id, sku, name, quantity, current, target,
                             unit_price, skip)
    select o.id, l.no, (l.j->>0)::bigint, l.j->>1, l.j->>2, (l.j->>3)::int, (l.j->>4)::int, 0,
      (l.j->>5)::numeric, l.j->>6
    from jsonb_array_elements(p_lines) with ordinality l(j, no);
  end if;
  with new as (
    insert into order_changes (order_id, kind, external_id, line_id, removed, restocked, at, listed)
    select o.id, c.j->>0, (c.j->>1)::bigint, (c.j->>2)::bigint, (c.j->>3)::int, (c.j->>4)::int,
      (c.j->>5)::timestamptz, newer
    from jsonb_array_elements(p_changes) c(j)
    on conflict (order_id, kind, external_id, line_id)
    do update set listed = order_changes.listed or excluded.listed
    returning xmax = 0 as fresh)
  select count(*) filter (where fresh) into added from new;
  perform order_set_targets(o.id, o.status = 'cancelled' or p_cancelled, o.shop_updated_at);
  changed := before is distinct from order_demand(o.id);

  if p_cancelled and o.status <> 'cancelled' then
    r_outcome := 'cancelled';
    o.status := 'cancelled';
    o.error_message := null;
    r_due := exists (select from ledger l where l.order_id = o.id);
    o.next_attempt_at := null;
  elsif whole and o.awaited then
    r_outcome := 'accepted';
    r_due := o.status = 'pending';
    changed := false; -- its first run; nothing was taken before
  else
    r_outcome := case when p_kind = 'stub' and o.awaited then 'accepted'
                      when p_kind = 'stub' then 'ignored'
                      when p_kind = 'refund' and added > 0 then 'refunded'
                      when not whole and added = 0 then 'duplicate'
                      when whole and not newer then 'ignored'
                      else 'updated' end;
    r_why := case when p_kind = 'stub' and o.awaited then 'the payload has no list of line_items: the whole order is awaited'
                  when p_kind = 'stub' then 'the payload has no list of line_items'
                  when o.awaited then 'the order itself has not arrived yet'
                  when whole and not newer then 'older than what is stored' end;
    r_due := changed and not o.awaited and o.status <> 'cancelled';
    if r_due and o.status = 'failed' then
      o.status := 'pending';
    end if;
  end if;
  if r_due then
    o.next_attempt_at := now();
    o.retry_count := 0;
    o.crash_count := 0;
    o.error_message := null;
    o.run := o.run + (not (whole and o.awaited))::int;
  end if;
  o.awaited := o.awaited and not whole;
  if o.awaited then
    o.error_message := r_why;
  end if;
  r_run := o.run;
  update orders u
  set status = o.status, name = o.name, customer_name = o.customer_name,
    customer_email = o.customer_email, total_amount = o.total_amount, currency = o.currency,
    test = o.test, awaited = o.awaited, run = o.run, retry_count = o.retry_count,
    crash_count = o.crash_count, next_attempt_at = o.next_attempt_at,
    error_message = o.error_message, notes = o.notes, shop_updated_at = o.shop_updated_at
  where u.id = o.id;
end
$$;
$new$;
  end if;
end
$level$;

do $level$
begin
  if exists (select from pg_proc
             where proname = 'upload_claim' and pronamespace = current_schema()::regnamespace
               and (prosrc like '%7103223%' or prosrc not like '%the importer ended in the middle of the file%'
                 or prosrc not like '%the third try came to nothing%')) then
    execute $new$
create or replace function upload_claim(p_worker text) returns setof uploads
language plpgsql as $$
declare
  candidate bigint;
  u uploads;
begin
  for candidate in select id from uploads where status in ('queued', 'running') order by id loop
    continue when not pg_try_advisory_lock(7103224, candidate::int);
    insert into sync_logs (task_name, task_id, attempt, status, error, duration_ms, worker)
    select 'import_products', task_id::text, tries, 'retry', 'the importer ended in the middle of the file',
      extract(epoch from seen_at - started_at) * 1000, worker
    from uploads where id = candidate and status = 'running';
    update uploads
    set status = case when cancel_wanted then 'cancelled' when tries >= 3 then 'failed' else 'running' end,
      error_message = case when tries >= 3 and not cancel_wanted
        then coalesce('the third try came to nothing: ' || error_message,
          'three importers ended in the middle of this file; the last was ' || worker) end,
      finished_at = case when cancel_wanted or tries >= 3 then now() end,
      tries = tries + 1, worker = p_worker, change = change + 1, phase = 'parse', percent = 0,
      processed = 0, total = null, rows_per_second = 0, created = 0, updated = 0, unchanged = 0,
      superseded = 0, rejected = 0, seen_at = now(), started_at = now()
    where id = candidate and status in ('queued', 'running')
    returning * into u;
    if found and u.status = 'running' then
      delete from upload_rejects where upload_id = candidate;
      return next u;
      return;
    end if;
    perform pg_advisory_unlock(7103224, candidate::int);
  end loop;
end
$$;
$new$;
    execute $new$
create or replace function upload_is_held(wanted bigint) returns boolean
language sql
return exists (
  select from pg_locks
  where locktype = 'advisory' and classid = 7103224 and objid = wanted::int::oid and objsubid = 2
    and database = (select oid from pg_database where datname = current_database()));
$new$;
  end if;
end
$level$;

-- A column comes to stand where it stands in a new table, so the rows move.
do $level$
begin
  if exists (select from pg_attribute
             where attrelid = 'deliveries'::regclass and attname = 'leased_until' and not attisdropped) then
    return;
  end if;
  execute $new$
create or replace function product_data(p products) returns json
language sql stable parallel safe
return json_build_object('active', p.active, 'created_at', utc(p.created_at),
  'description', p.description, 'id', p.id, 'name', p.name, 'sku', p.sku,
  'updated_at', utc(p.updated_at));
$new$;
  drop function deliveries_made;
  drop index if exists deliveries_due, deliveries_failed, deliveries_webhook, deliveries_ended,
    deliveries_event;
  alter table deliveries rename to deliveries_before;
  alter table deliveries_before drop constraint deliveries_pkey, drop constraint deliveries_check,
    drop constraint deliveries_check1, drop constraint deliveries_check2, drop constraint deliveries_state_check;
  alter sequence deliveries_id_seq rename to deliveries_before_id_seq;
  create table deliveries (
    id           bigint generated by default as identity,
    event_id     bigint not null,
    webhook_id   bigint not null,
    state        text not null default 'waiting'
                 check (state in ('waiting', 'delivered', 'given_up', 'skipped')),
    tries        integer not null default 0,
    tries_before integer not null default 0,
    due_at       timestamptz,
    leased_until timestamptz,
    http_status  integer,
    error        text,
    created_at   timestamptz not null default now(),
    ended_at     timestamptz,
    check ((state = 'waiting') = (due_at is not null)),
    check ((state = 'waiting') = (ended_at is null)),
    check (state in ('waiting', 'delivered') or error is not null),
    primary key (webhook_id, id)
  ) with (fillfactor = 50);
  insert into deliveries
    (id, event_id, webhook_id, state, tries, tries_before, due_at, http_status, error, created_at, ended_at)
  overriding system value
  select id, event_id, webhook_id, state, tries, tries_before, due_at, http_status, error, created_at, ended_at
  from deliveries_before;
  perform setval('deliveries_id_seq', last_value, is_called) from deliveries_before_id_seq;
  drop table deliveries_before;
  create index deliveries_due on deliveries (webhook_id, due_at) where due_at is not null;
  create index deliveries_failed on deliveries (webhook_id, ended_at) where state in ('given_up', 'skipped');
  create index deliveries_ended on deliveries using brin (ended_at) with (pages_per_range = 16, autosummarize = on);
  create index deliveries_event on deliveries using brin (event_id) with (pages_per_range = 16, autosummarize = on);
  execute $new$
create function deliveries_made(since timestamptz, most integer) returns bigint
language sql stable set enable_seqscan = off
begin atomic
  select count(*)
  from (select from deliveries where ended_at > since and state = 'delivered' limit most) d;
end;
$new$;
end
$level$;
