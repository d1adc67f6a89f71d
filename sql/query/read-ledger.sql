-- The rows $1 of the ledger as JSON, which are of the product $2 or the order
-- $3: their index begins with the one or the other.
select row_to_json(l)
from (
  select l.id, l.product_id, p.sku as product_sku, l.order_id,
    (select coalesce(nullif(btrim(o.name), ''), o.external_id::text)
     from orders o where o.id = l.order_id) as order_name, l.run, l.delta, l.balance, l.reason,
    l.note, l.actor, utc(l.created_at) as created_at
  from ledger l left join products p on p.id = l.product_id
  where l.id = any($1::bigint[]) and (l.product_id = $2::bigint or l.order_id = $3::bigint)
) l
order by l.id desc
