-- Cancels order $1 unless it is cancelled already. `due`: it has stock to put back.
select r_status, r_done, exists (select from ledger l where l.order_id = $1::bigint)
from order_cancel($1::bigint)
