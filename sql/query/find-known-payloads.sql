-- Which of the payloads, given by the shops $1, external ids $2 and digests $3, are stored already:
-- the place of each, and its order. No lock is taken; `offset 0` as in insert-orders.
-- They are acknowledged again, so the commit has to wait for the standby as the first did.
select g.place, o.id, commit_waits()
from unnest($1::text[], $2::bigint[], $3::bytea[]) with ordinality as g(shop, external_id, digest, place)
cross join lateral (
  select id from orders where external_id = g.external_id and shop = g.shop offset 0) o
where exists (select from payloads p where p.order_id = o.id and p.digest = g.digest offset 0)
order by g.place
