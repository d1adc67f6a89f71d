drop function order_data(orders);
drop function order_can_retry(orders);
drop function line_skip(text, boolean);
drop function order_cancel(bigint);

alter table products drop stocked;
alter table ledger drop source_id;
update ledger set reason = 'change' where reason in ('refund', 'return', 'edit');
alter table ledger drop constraint ledger_reason_check;
alter table ledger add constraint ledger_reason_check check (reason in
  ('order', 'change', 'cancel', 'release', 'set', 'add', 'import'));
alter table order_changes drop source_id, drop returned, drop unshipped, drop first;
alter table order_items drop product_id, drop kept, drop base, drop least, drop shipped, drop seen, drop cause,
  drop cause_id;
alter table orders drop waited, drop shop_triggered_at, drop first_updated_at, drop first_shipped,
  drop history_before;
alter table payloads drop triggered_at, drop api_version, drop event_id, drop history;

create function order_demand(wanted bigint) returns jsonb
language sql stable
begin atomic
  select coalesce(jsonb_object_agg(d.sku, d.units), '{}')
  from (select coalesce(lower(i.sku), '') as sku, sum(i.target) as units
        from order_items i
        where i.order_id = wanted and ((i.skip is null and i.target > 0) or i.skip = 'bad_quantity')
        group by 1) d;
end;

create function order_set_targets(wanted bigint, cancelled boolean, version timestamptz)
returns void
language sql
begin atomic
  with unlisted as (
    select c.*, i.quantity - i.current - coalesce((
        select sum(l.removed) from order_changes l
        where l.order_id = wanted and l.line_id = c.line_id and l.listed), 0) as unexplained,
      sum(c.removed) over (partition by c.line_id order by c.at nulls first, c.external_id) as upto
    from order_changes c
    join order_items i on i.order_id = wanted and i.external_id = c.line_id
    where c.order_id = wanted and not c.listed
  ), effect as (
    select line_id, sum(removed - restocked) as kept, sum(removed - restocked) as delta
    from order_changes where order_id = wanted and listed group by line_id
    union all
    select line_id, sum(removed - restocked),
      sum(case when (at is null or version is null or at <= version) and upto <= unexplained
               then removed - restocked else -restocked end)
    from unlisted group by line_id
  ), total as (
    select line_id, sum(kept) as kept, sum(delta) as delta from effect group by line_id
  )
  update order_items i
  set target = case
      when i.skip is not null then 0
      when cancelled then least(greatest(coalesce(t.kept, 0), 0), coalesce(i.quantity, 0))
      else greatest(i.current + coalesce(t.delta, 0), 0) end
  from order_items j left join total t on t.line_id = j.external_id
  where i.order_id = wanted and j.order_id = wanted and j.line_no = i.line_no;
end;

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

create function order_cancel(wanted bigint, out r_status text, out r_done boolean)
language plpgsql as $$
declare
  o orders;
  took boolean;
begin
  select * into o from orders where id = wanted for no key update;
  r_status := o.status;
  r_done := found and o.status <> 'cancelled';
  if not r_done then
    return;
  end if;
  took := exists (select from ledger l where l.order_id = wanted);
  perform order_set_targets(wanted, true, o.shop_updated_at);
  update orders set status = 'cancelled', error_message = null, retry_count = 0, crash_count = 0,
    run = run + took::int, next_attempt_at = case when took then now() end
  where id = wanted;
  r_status := 'cancelled';
end
$$;

create function order_data(o orders) returns json
language sql stable
begin atomic
  select row_to_json(d)
  from (
    select o.id, o.external_id::text as external_order_id, o.status, o.name, o.customer_name,
      o.customer_email, o.total_amount::text, o.currency, o.source, o.shop, o.test, o.retry_count,
      case when o.status <> 'cancelled' then utc(o.next_attempt_at) end as next_attempt_at,
      o.error_message, o.notes,
      utc(o.processed_at) as processed_at, utc(o.created_at) as created_at,
      utc(o.updated_at) as updated_at,
      (select coalesce(json_agg(i), '[]')
       from (select line_no, sku, name, quantity, unit_price::text,
               (unit_price * quantity)::text as line_total
             from order_items where order_id = o.id order by line_no) i) as items
  ) d;
end;

create function order_can_retry(o orders) returns boolean
language sql stable parallel safe
return o.status = 'failed'
  or (o.retry_count > 0 and coalesce(o.next_attempt_at > now(), false))
  or (o.status = 'cancelled' and o.next_attempt_at is null and o.error_message is not null);
