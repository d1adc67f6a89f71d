-- The next $2 lines from above the line $1 on whose SKU is not known, and which make no product: they
-- have no name, or with $3. And their records.
select i.line, i.raw
from change c
join incoming i on i.ctid = c.at
where c.id is null and (c.nameless or $3::boolean) and i.line > $1::bigint
order by i.line
limit $2::int
