-- Whether the bytes whose digest is $3 came before about order $1, for another shop than $2.
select exists (
  select from orders o join payloads p on p.order_id = o.id
  where o.external_id = $1::bigint and o.shop <> $2::text and p.digest = $3::bytea)
