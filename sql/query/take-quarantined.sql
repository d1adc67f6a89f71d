-- What body $1 in quarantine came as, as intake.h takes a row: its bytes in hex.
select id, shop, topic, webhook_id, null::text, null::text, null::text, false, encode(body, 'hex')
from quarantine where id = $1::bigint
