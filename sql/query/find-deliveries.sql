-- Ids of deliveries to the webhook $5 (null: any), in the state $6, not before $7, of the event $8, of the
-- order $9 (a number or a name), of the product with the SKU $10, of events of the type $11 (null: any of
-- them), before $12. $1-$4: see lib/web/paging.h. One branch for each index.
with hooks as materialized (
  select id, case when $7::timestamptz is null then 0 else deliveries_floor(id, $7) end as floor
  from webhooks where id = $5::bigint or $5 is null
), sought as materialized (
  select $8::bigint is not null or $9::text is not null or $10::text is not null as by_event,
    $11::text is not null and ($6::text is null or $6 = 'delivered') as by_type
), subjects as materialized (
  (select id, true as orders from orders where $9 is not null and lower(name) = lower($9) offset 0)
  union
  (select id, true from orders where $9 is not null and lower(name) = '#' || lower($9) offset 0)
  union
  (select id, true from orders
   where $9 ~ '^[0-9]{1,18}$' and (id = nullif($9, '')::numeric::bigint or external_id = nullif($9, '')::numeric::bigint))
  union
  (select id, false from products where $10 is not null and lower(sku) = lower($10) and deleted_at is null)
  union
  (select id, false from products where $10 is not null and deleted_at is not null and lower(sku) = lower($10) offset 0)
), told as materialized (
  select e.id, e.type from events e where e.id = $8 and $9 is null and $10 is null
  union all
  select e.id, e.type from subjects s join events e on e.subject = s.id and e.type like 'order.%'
  where s.orders and ($8 is null or e.id = $8) and $10 is null
  union all
  select e.id, e.type from subjects s join events e on e.subject = s.id and e.type not like 'order.%'
    and e.type !~ '^(webhook|delivery)[.]'
  where not s.orders and ($8 is null or e.id = $8) and $9 is null
), upto as materialized ( -- no event above this one has a delivery below $1
  select max(l.event_id) as event_id
  from hooks h cross join lateral (
    select event_id from deliveries where webhook_id = h.id and id < $1::bigint order by id desc limit 1) l
  where (select by_type and not by_event from sought)
), matched as (
  (select l.id from hooks h cross join lateral (
     select d.id from deliveries d
     where d.webhook_id = h.id and d.id < $1 and d.id >= h.floor and ($7 is null or d.created_at >= $7)
       and d.created_at < $12::timestamptz
       and ($6 is null or ($6 = 'delivered' and d.state = 'delivered'))
     order by d.id desc limit $4::bigint) l
   where (select not by_event and not by_type from sought) and ($6 is null or $6 = 'delivered'))
  union all
  (select l.id from hooks h cross join lateral (
     select d.id from deliveries d
     where d.webhook_id = h.id and d.state = $6 and d.state <> 'delivered' and d.id < $1 and d.id >= h.floor
       and ($7 is null or d.created_at >= $7) and d.created_at < $12
       and ($11 is null or exists (select from events e where e.id = d.event_id and e.type = $11))
     order by d.id desc limit $4) l
   where (select not by_event and not by_type from sought) and $6 <> 'delivered')
  union all
  (select l.id -- in the order of e
   from (select id from events
         where type = $11 and id <= (select event_id from upto) order by type desc, id desc offset 0) e
   cross join lateral (
     select d.id from deliveries d join hooks h on h.id = d.webhook_id
     where d.event_id = e.id and d.id < $1 and d.id >= h.floor and ($7 is null or d.created_at >= $7) and d.created_at < $12
       and ($6 is null or d.state = $6)
     order by d.id desc offset 0) l
   where (select by_type and not by_event from sought)
   limit $4)
  union all
  (select l.id from told t cross join lateral (
     select d.id from deliveries d join hooks h on h.id = d.webhook_id
     where d.event_id = t.id and d.id < $1 and d.id >= h.floor and ($7 is null or d.created_at >= $7) and d.created_at < $12
       and ($6 is null or d.state = $6) offset 0) l
   where (select by_event from sought) and ($11 is null or t.type = $11)
   order by l.id desc limit $4)
), counted as (
  select id from matched order by id desc limit $4
)
select coalesce((array_agg(id order by id desc))[$2::int + 1:$2::int + $3::int], '{}'), count(*), null::bigint
from counted
