-- Notes which webhooks came since the last scan: for each shop and topic the newest. Payloads that were
-- still being stored then have lower ids, so the last 5,000 are looked at again; never more than 1,000,000.
with mark as (
  select greatest(coalesce((select last_id from privacy_marks where name = 'intake'), 0) - 5000,
    (select max(id) from payloads) - 1000000) as last_id
), fresh as (
  select p.id, p.shop, coalesce(p.topic, '') as topic, p.received_at,
    case when p.triggered_at is not null
      then least(greatest(extract(epoch from p.received_at - p.triggered_at), 0), 2147483647)::int end as lag
  from payloads p
  where p.id > (select last_id from mark) and p.webhook_id is not null
), noted as (
  insert into privacy_marks (name, last_id) select 'intake', max(id) from fresh having count(*) > 0
  on conflict (name) do update set last_id = greatest(privacy_marks.last_id, excluded.last_id)
), asked as (
  -- A request about people's data is a sign of life too.
  select shop, 'privacy' as topic, max(received_at) as received_at, null::int as lag
  from privacy_requests where received_at > now() - interval '1 day' group by shop
)
insert into intake_seen as s (shop, topic, last_at, lag_seconds)
select distinct on (shop, topic) shop, topic, received_at, lag
from (select shop, topic, received_at, lag from fresh union all select * from asked) f
order by shop, topic, received_at desc
on conflict (shop, topic) do update set last_at = excluded.last_at, lag_seconds = excluded.lag_seconds
where excluded.last_at >= s.last_at
