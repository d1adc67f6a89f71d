-- An order as the API shows it, in the order of its members. A column that is to be shown is added at the
-- end, by create or replace view.
create view order_shown as
select o.id, o.external_id::text as external_order_id,
  order_status(o.status, o.next_attempt_at, o.xmax) as status,
  o.name, o.customer_name, o.customer_email, o.total_amount::text, o.currency, o.source, o.shop,
  o.test, o.retry_count, utc(o.next_attempt_at) as next_attempt_at, order_can_retry(o) as can_retry,
  o.error_message, o.notes, utc(o.processed_at) as processed_at, utc(o.created_at) as created_at,
  utc(o.updated_at) as updated_at
from orders o;
