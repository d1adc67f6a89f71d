-- The deliveries $1 of webhook $2 (null: of any) as JSON, with each of their attempts.
select row_to_json(r)
from (
  select d.id, d.webhook_id,
    format('evt_%s_%s', e.id, to_hex((extract(epoch from e.created_at) * 1000000)::bigint)) as event_id,
    e.type as event, e.subject,
    case when event_about(e.type, e.data) is not null then null when e.type like 'order.%'
      then (select coalesce(nullif(btrim(o.name), ''), o.external_id::text) from orders o where o.id = e.subject)
      else (select sku from products where id = e.subject) end as subject_name,
    e.sequence, d.state as status, d.tries, d.http_status,
    d.error as error_message, utc(nullif(d.due_at, '9999-01-01Z')) as next_attempt_at, utc(d.created_at) as created_at,
    utc(d.ended_at) as ended_at,
    (select coalesce(json_agg(a), '[]')
     from (select number, http_status, error as error_message, answer, connect_ms, first_byte_ms,
             duration_ms, utc(started_at) as started_at, worker
           from attempts where delivery_id = d.id order by number, started_at) a) as attempts
  from deliveries d join events e on e.id = d.event_id
  where d.webhook_id = any(array(select id from webhooks where id = $2::bigint or $2 is null))
    and d.id = any($1::bigint[])
) r
order by r.id desc
