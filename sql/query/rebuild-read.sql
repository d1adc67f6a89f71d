-- What became of the orders of the shops $1 with the external ids $2: the place of each, its id, its
-- status if nothing of it is left to be done, whether it is cancelled, its lines, and the units that it took.
select g.place, o.id,
  case when o.status in ('completed', 'cancelled') and o.next_attempt_at is null and o.error_message is null
       then o.status end,
  o.status = 'cancelled',
  (select string_agg(format('line %s: %s, %s kept, %s from before', coalesce(i.external_id, -i.line_no), i.target,
      coalesce(i.kept, 0), coalesce(i.base, 0)), ' | ' order by coalesce(i.external_id, -i.line_no))
   from order_items i where i.order_id = o.id),
  (select coalesce(-sum(delta), 0) from ledger l where l.order_id = o.id)
from unnest($1::text[], $2::bigint[]) with ordinality as g(shop, external_id, place)
join orders o on o.external_id = g.external_id and o.shop = g.shop
order by g.place
