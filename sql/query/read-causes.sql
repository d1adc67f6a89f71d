-- Why orders do not go through: a JSON object for each cause, at most $1, those of most orders first, and in
-- each row how many there are in all. Orders that lack a product or units of it are counted with each SKU; of
-- the others, the newest 20,000 that failed, or wait for another attempt or are due for it, by what their
-- reason says apart from its numbers.
with lacking as (
  select case when p.id is null then 'unknown_sku' else 'short' end as kind,
    coalesce(p.sku, min(b.sku)) as sku, p.id as product_id, p.name as product_name,
    coalesce(s.on_hand, 0) as on_hand, sum(b.units) as wanted, count(*) as orders,
    count(*) filter (where o.status = 'failed') as failed, min(b.since) as oldest
  from backorders b
  join orders o on o.id = b.order_id
  left join products p on p.id = b.product_id and p.deleted_at is null
  left join stock s on s.product_id = p.id
  group by p.id, s.product_id, case when p.id is null then lower(b.sku) end
), troubled as materialized (
  select * from (
    (select id, status, error_message, created_at from orders where status = 'failed'
     order by id desc limit 20000)
    union all
    (select id, status, error_message, created_at from orders
     where status = 'pending' and retry_count > 0 limit 20000)) o
  where not exists (select from backorders b where b.order_id = o.id offset 0)
  order by id desc limit 20000
), others as (
  select left(regexp_replace(coalesce(error_message, ''), '[0-9]+', '#', 'g'), 200) as pattern,
    count(*) as orders, count(*) filter (where status = 'failed') as failed, min(created_at) as oldest,
    (array_agg(error_message order by id desc))[1] as reason, max(id) as newest
  from troubled
  group by 1
)
select json_build_object('kind', kind, 'reason', reason, 'sku', sku, 'product_id', product_id,
    'product_name', product_name, 'on_hand', on_hand, 'wanted', wanted, 'orders', orders, 'failed', failed,
    'newest_order_id', newest, 'oldest', utc(oldest)),
  count(*) over ()
from (
  select kind, case kind when 'short' then 'insufficient stock of "' else 'unknown SKU "' end || sku || '"' as reason,
    sku, product_id, product_name, on_hand, wanted, orders, failed, null::bigint as newest, oldest
  from lacking
  union all
  select 'other', reason, null, null, null, null, null, orders, failed, newest, oldest from others
) c
order by orders desc, oldest
limit $1::bigint
