-- What was received of the order $1 and which webhooks were sent its events, as JSON: all of a
-- webhook's address if $2, else without its path, which may have a secret.
select row_to_json(s)
from (
  select o.id,
    (select coalesce(json_agg(p), '[]')
     from (select id, topic, webhook_id, note, utc(received_at) as received_at
           from payloads where order_id = o.id order by id) p) as payloads,
    (select coalesce(json_agg(e), '[]')
     from (select id, type as event, utc(created_at) as created_at
           from events where subject = o.id and type like 'order.%' order by id) e) as events,
    (select coalesce(json_agg(d), '[]')
     from (select d.id, d.webhook_id, case when $2::boolean then w.url else substring(w.url from '^[^/]+//[^/]+/') || '…' end as url, d.state as status, d.tries, d.http_status,
             d.error as error_message, utc(d.created_at) as created_at, utc(d.ended_at) as ended_at
           from deliveries d join webhooks w on w.id = d.webhook_id
           where d.event_id = any(array(select id from events where subject = o.id and type like 'order.%'))
           order by d.id) d) as deliveries
  from orders o
  where o.id = $1::bigint
) s
