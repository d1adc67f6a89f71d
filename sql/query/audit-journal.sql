-- Those of the external ids $2, of the shops $3 (null: any shop) from the lines $4 of a journal,
-- that do not have exactly one order in their shop.
select min(o.id), null::bigint, g.external_id::text,
  format('line %s: %s', g.line, case count(o.id) when 0 then 'no order' else count(o.id) || ' orders' end),
  'one order', count(*) over ()
from unnest($2::bigint[], $3::text[], $4::bigint[]) as g(external_id, shop, line)
left join orders o on o.external_id = g.external_id and (g.shop is null or o.shop = lower(g.shop))
group by g.line, g.external_id
having count(o.id) = 0 or count(o.id) <> count(distinct o.shop)
order by g.line
limit $1::int
