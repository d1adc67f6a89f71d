-- Orders that were short of stock or of a product keep their place, by their id, until they get it,
-- are cancelled, or have waited for too long. What may let them have it leaves a call, which a worker
-- answers within a second: wakes those whose turn it is.

create table backorders (
  order_id   bigint not null,
  sku        text not null,  -- as the order has it
  product_id bigint,         -- that it is short of; null: no product has the SKU
  units      integer not null check (units > 0), -- needed beyond what the order has
  since      timestamptz not null default now()  -- when the order began to wait
);
create unique index backorders_once on backorders (order_id, lower(sku));
create index backorders_product on backorders (product_id, order_id);
create index backorders_since on backorders (since);

create table backorder_calls (
  id         bigint generated always as identity primary key,
  product_id bigint -- to look at; null: at whatever SKUs have a product now
);

-- Failed for good is what has no place any more.
update orders set waited = false where status = 'failed' and waited;

-- The lock of a stock row holds off whoever is about to wait for it. A row that is new has none.
create function backorder_restocked() returns trigger
language plpgsql as $$
begin
  insert into backorder_calls (product_id)
  select new.product_id
  where tg_op = 'INSERT' or exists (select from backorders where product_id = new.product_id);
  return null;
end
$$;
create trigger backorder_restocked after update of on_hand on stock for each row
when (new.on_hand > old.on_hand) execute function backorder_restocked();
create trigger backorder_stocked after insert on stock for each row
when (new.on_hand > 0) execute function backorder_restocked();

-- Asks nobody, and so misses nobody who begins to wait at this moment.
create function backorder_product_news() returns trigger
language plpgsql as $$
begin
  insert into backorder_calls default values;
  return null;
end
$$;
create trigger backorder_product_made after insert on products for each statement
execute function backorder_product_news();
create trigger backorder_product_changed after update of sku, deleted_at, stocked on products
for each statement execute function backorder_product_news();

-- What a cancelled order was to get is another's.
create function backorder_cancelled() returns trigger
language plpgsql as $$
begin
  with gone as (
    delete from backorders where order_id = new.id returning product_id
  )
  insert into backorder_calls (product_id) select distinct product_id from gone;
  return null;
end
$$;
create trigger backorder_cancelled after update of status on orders for each row
when (new.status = 'cancelled' and old.status <> 'cancelled' and old.waited)
execute function backorder_cancelled();

-- True for a backorder of an order that lacks another product too, so that this one is of no use.
create function backorder_blocked(b backorders) returns boolean
language sql stable parallel safe
return exists (
  select from backorders v left join stock s on s.product_id = v.product_id
  where v.order_id = b.order_id and lower(v.sku) <> lower(b.sku) and v.units > coalesce(s.on_hand, 0));

-- Answers the calls: starts a new run of each order whose turn it is, a microsecond apart, so that they
-- are claimed in the order of their places. Of each product those get it who fit, the oldest first;
-- with `hold`, nobody after the first who does not fit. Orders locked elsewhere are called again.
-- Returns how many were woken.
create function backorders_wake(hold boolean) returns integer
language plpgsql as $$
declare
  called bigint[];
  news boolean;
  turn bigint[];
  woken bigint[];
  product bigint := 0;
  rest bigint;
  b record;
begin
  with taken as (
    delete from backorder_calls
    where id = any (array(select id from backorder_calls for update skip locked))
    returning product_id
  )
  select array_agg(distinct product_id) filter (where product_id is not null), bool_or(product_id is null)
  into called, news from taken;
  if news is null then
    return 0;
  end if;
  if news then
    select array_agg(distinct w.order_id) into turn
    from backorders w
    cross join lateral (
      select p.id, p.stocked from products p
      where lower(p.sku) = lower(w.sku) and p.deleted_at is null limit 1
    ) q
    where (q.id is distinct from w.product_id or not q.stocked)
      and not exists (select from ledger l where l.order_id = w.order_id and l.product_id = w.product_id);
  end if;
  turn := coalesce(turn, '{}');
  for b in
    select w.product_id, w.order_id, w.units, s.on_hand
    from backorders w join stock s on s.product_id = w.product_id
    where w.product_id = any (called) and s.on_hand > 0 and (hold or w.units <= s.on_hand)
      and not backorder_blocked(w)
    order by w.product_id, w.order_id
  loop
    if b.product_id <> product then
      product := b.product_id;
      rest := b.on_hand;
    end if;
    if b.units <= rest then
      rest := rest - b.units;
      turn := turn || b.order_id;
    elsif hold then
      rest := 0;
    end if;
  end loop;
  with free as (
    select o.id from orders o
    where o.id = any (turn) and (o.next_attempt_at is null or o.next_attempt_at > now())
    order by o.id
    for no key update skip locked
  ), placed as (
    select id, row_number() over (order by id) as place from free
  ), started as (
    update orders o
    set status = case when o.status = 'failed' then 'pending' else o.status end, run = o.run + 1,
      retry_count = 0, crash_count = 0, error_message = null,
      next_attempt_at = now() + p.place * interval '1 microsecond'
    from placed p where o.id = p.id
    returning o.id
  )
  select coalesce(array_agg(id), '{}') into woken from started;
  insert into backorder_calls (product_id)
  select distinct case when not news then w.product_id end
  from (select unnest(turn) as id except select unnest(woken)) t
  join backorders w on w.order_id = t.id
  join orders o on o.id = t.id
  where o.next_attempt_at is null or o.next_attempt_at > now();
  return cardinality(woken);
end
$$;

-- Ends the waiting of orders that began more than so many days ago and have no attempt before them.
create function backorders_expire(days integer) returns void
language plpgsql as $$
declare
  late bigint[];
  failed bigint[];
begin
  if not exists (select from backorders where since < now() - make_interval(days => days)) then
    return;
  end if;
  late := array(
    select o.id from orders o
    where o.next_attempt_at is null
      and o.id in (select order_id from backorders where since < now() - make_interval(days => days))
    order by o.id
    for no key update skip locked);
  with gone as (
    delete from backorders where order_id = any (late) returning product_id
  )
  insert into backorder_calls (product_id) select distinct product_id from gone;
  failed := array(select id from orders where id = any (late) and status = 'pending');
  update orders
  set waited = false, status = case when status = 'pending' then 'failed' else status end,
    error_message = format('not served within %s days: ', days) || regexp_replace(error_message, '^waiting: ', '')
  where id = any (late);
  perform order_events(array_fill('order.failed'::text, array[cardinality(failed)]), failed)
  where cardinality(failed) > 0;
end
$$;

-- One that waits without a time can be tried now.
create or replace function order_can_retry(o orders) returns boolean
language sql stable parallel safe
return o.status = 'failed'
  or (o.retry_count > 0 and coalesce(o.next_attempt_at > now(), false))
  or (o.status = 'pending' and o.next_attempt_at is null and o.waited)
  or (o.status in ('cancelled', 'completed') and o.next_attempt_at is null and o.error_message is not null);
