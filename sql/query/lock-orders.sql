-- Locks the orders $1, in order, so that no payload of theirs comes in meanwhile.
select id from orders where id = any($1::bigint[]) order by id for no key update
