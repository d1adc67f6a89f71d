-- One payload that insert-orders could not store as a new order.
select r_id, r_outcome, r_why, r_due, r_run
from order_take_in($1, $2::bigint, $3, $4, $5, $6, $7::numeric, $8, $9::boolean, $10::boolean,
  $11::timestamptz, $12, $13::jsonb, $14::jsonb, $15, $16, $17::bytea, $18::bytea)
