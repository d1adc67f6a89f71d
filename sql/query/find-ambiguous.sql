-- Which of the external ids $1, from the lines $3 of a journal, several shops
-- have, where the line names none ($2).
select g.line, g.external_id
from unnest($1::bigint[], $2::text[], $3::bigint[]) as g(external_id, shop, line)
where g.shop is null
  and (select count(distinct o.shop) from orders o where o.external_id = g.external_id) > 1
order by g.line
