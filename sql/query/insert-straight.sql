-- A chunk that went straight into products: see create-straight.
insert into straight (after_id, last_id, rows, lines)
values ($1::bigint, $2::bigint, $3::integer[], $4::bigint[])
