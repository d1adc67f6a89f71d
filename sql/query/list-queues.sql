-- The $1 enabled webhooks that are worst off: id, paused or failing or up, how many deliveries stand
-- in its queue (10,000 at most), for how many seconds the first of them has been due, and failures in
-- a row.
with worst as materialized (
  select w.id, w.failures, d.due_at,
    case when w.paused or w.paused_until > now() then 'paused' when w.failures > 0 then 'failing' else 'up' end as state
  from webhooks w
  left join lateral (
    select due_at from deliveries
    where webhook_id = w.id and due_at is not null and (leased_until is null or leased_until <= now())
    order by due_at limit 1
  ) d on true
  where w.enabled and w.deleted_at is null
  order by w.failures > 0 desc, d.due_at, w.id
  limit $1::int
)
select id, state, (
    select count(*)
    from (select from deliveries where webhook_id = w.id and due_at is not null limit 10000) q),
  greatest(coalesce(extract(epoch from now() - due_at), 0), 0)::bigint, failures
from worst w
order by failures > 0 desc, due_at, id
