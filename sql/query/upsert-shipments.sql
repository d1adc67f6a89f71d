-- What payloads say of fulfillments, one element each: of the shop $1, the order $2, the fulfillment $3,
-- its status, when it was made and changed, the carrier, tracking numbers and lines. The newest version
-- stays, whatever came first; of two of one time a cancelled one, then the greater text. An order whose
-- names were removed gets no tracking numbers. Of an order that is here, what was shipped is told.
with stored as (
insert into shipments as s (shop, external_order_id, external_id, status, shipped_at, said_at, company,
  tracking, lines)
select distinct on (u.shop, u.order_id, u.id) u.shop, u.order_id, u.id, u.status, u.made::timestamptz,
  coalesce(u.changed::timestamptz, u.made::timestamptz, '-infinity'), u.company,
  case when r.order_id is null then u.tracking::jsonb else '[]' end, u.lines::jsonb
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
  $8::text[], $9::text[]) as u(shop, order_id, id, status, made, changed, company, tracking, lines)
left join orders o on o.external_id = u.order_id and o.shop = u.shop
left join redacted_orders r on r.order_id = o.id
order by u.shop, u.order_id, u.id, 6 desc, coalesce(u.status = 'cancelled', false) desc, 9 desc, 8 desc,
  coalesce(u.status, '') desc, coalesce(u.company, '') desc
on conflict (shop, external_order_id, external_id) do update
set status = excluded.status, shipped_at = excluded.shipped_at, said_at = excluded.said_at,
  company = excluded.company, tracking = excluded.tracking, lines = excluded.lines
where (excluded.said_at, coalesce(excluded.status = 'cancelled', false), excluded.lines,
    excluded.tracking, coalesce(excluded.status, ''), coalesce(excluded.company, ''))
  > (s.said_at, coalesce(s.status = 'cancelled', false), s.lines, s.tracking, coalesce(s.status, ''),
    coalesce(s.company, ''))
returning s.shop, s.external_order_id, s.status
)
select order_events(array_fill('order.shipped'::text, array[cardinality(ids)]), ids)
from (select array_agg(distinct o.id) as ids
      from stored s join orders o on o.external_id = s.external_order_id and o.shop = s.shop
      where coalesce(s.status, 'success') = 'success') t
where ids is not null
