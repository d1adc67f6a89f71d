-- What became of orders that a payload came for; one element each. Where $2 is true the payload is
-- the newest version, and $3-$9 are what it says; a redacted order stays without names. $13: it is
-- due now. Times are microseconds since 1970.
update orders o
set name = case when u.newer then u.name else o.name end,
  customer_name = case when u.newer and r.order_id is null then u.customer_name else o.customer_name end,
  customer_email = case when u.newer and r.order_id is null then u.customer_email else o.customer_email end,
  total_amount = case when u.newer then u.total::numeric else o.total_amount end,
  currency = case when u.newer then u.currency else o.currency end,
  test = case when u.newer then u.test else o.test end,
  notes = case when u.newer then u.notes else o.notes end,
  status = u.status, awaited = u.awaited, run = u.run,
  next_attempt_at = case when u.due then now() when u.status = 'cancelled' and u.settled then null
                         else o.next_attempt_at end,
  retry_count = case when u.due then 0 else o.retry_count end,
  crash_count = case when u.due then 0 else o.crash_count end,
  error_message = case when u.due or u.settled then u.error else coalesce(u.error, o.error_message) end,
  shop_updated_at = 'epoch'::timestamptz + u.updated_us * interval '1 microsecond',
  shop_triggered_at = 'epoch'::timestamptz + u.triggered_us * interval '1 microsecond',
  first_updated_at = 'epoch'::timestamptz + u.first_us * interval '1 microsecond',
  first_shipped = u.first_shipped,
  history_before = 'epoch'::timestamptz + u.history_us * interval '1 microsecond',
  unpaid = u.unpaid
from unnest($1::bigint[], $2::boolean[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
  $8::boolean[], $9::text[], $10::text[], $11::boolean[], $12::int[], $13::boolean[], $14::boolean[],
  $15::text[], $16::bigint[], $17::bigint[], $18::bigint[], $19::boolean[], $20::bigint[], $21::boolean[])
  as u(id, newer, name, customer_name, customer_email, total, currency, test, notes, status, awaited,
    run, due, settled, error, updated_us, triggered_us, first_us, first_shipped, history_us, unpaid)
left join redacted_orders r on r.order_id = u.id
where o.id = u.id
