-- The next $2 orders after the id $1, and whether all payloads of each are here.
select id, shop, external_id, rebuild_whole(o) from orders o where id > $1::bigint order by id limit $2::int
