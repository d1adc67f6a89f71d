-- Marks the next $2 payloads without an order that are older than $1 days. Returns how many were looked at.
with mark as (
  select coalesce((select last_id from privacy_marks where name = 'payloads'), 0) as last_id
), aged as (
  select id, order_id is null and body is not null as whole from payloads
  where id > (select last_id from mark) and received_at < now() - make_interval(days => $1::int)
  order by id
  limit $2::int
), noted as (
  insert into privacy_marks (name, last_id) select 'payloads', max(id) from aged having count(*) > 0
  on conflict (name) do update set last_id = excluded.last_id
), marked as (
  insert into payloads_to_reduce (payload_id) select id from aged where whole
  on conflict do nothing
)
select count(*) from aged
