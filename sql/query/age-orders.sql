-- The ids of the next $2 orders that are older than $1 days, after those that were looked at before; they
-- are noted as looked at. No row when there are none.
with mark as (
  select coalesce((select last_id from privacy_marks where name = 'orders'), 0) as last_id
), aged as (
  select id from orders
  where id > (select last_id from mark) and created_at < now() - make_interval(days => $1::int)
  order by id
  limit $2::int
), noted as (
  insert into privacy_marks (name, last_id) select 'orders', max(id) from aged having count(*) > 0
  on conflict (name) do update set last_id = excluded.last_id
)
select id from aged
