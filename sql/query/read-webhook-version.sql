-- What is told of webhook $1 as it was last changed: another text after each change by hand, and once it
-- is disabled.
select to_hex((extract(epoch from updated_at) * 1000000)::bigint) || case when enabled then '' else '-disabled' end
from webhooks where id = $1::bigint and deleted_at is null
