-- What is known of the quarantined bodies $1, as JSON.
select row_to_json(q)
from (
  select id, shop, topic, webhook_id, remote_addr, reason, length(body) as bytes,
    utc(received_at) as received_at
  from quarantine where id = any($1::bigint[])
) q
order by q.id desc
