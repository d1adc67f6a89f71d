-- Whether a webhook would newly be told what customers are called, or at another address: for order events,
-- by the types $2 and the address $3 (null: as they are) of the webhook $1 (null: a new one).
with was as (
  select url, event_types from webhooks where id = $1::bigint
), orders(type) as (
  select type from unnest(coalesce($2::text[], (select event_types from was))) type
  where type = '*' or type like 'order.%'
)
select exists (select from orders) and not exists (
  select from was
  where url = coalesce($3::text, url)
    and exists (select from unnest(event_types) type where type = '*' or type like 'order.%'))
