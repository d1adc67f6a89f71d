-- Starts all orders again that match: of the status $8, which is failed, or pending for those that wait
-- for their next attempt or for their turn; ids from $1, not before $2, a number to be an id $3, pattern in lower case for
-- LIKE $4, SKU $5; null: any. $6: the pattern is ASCII; $9 below this id, $10 before; $11 an amount to be
-- the total; $12: what customers are called is looked at. Answers with how many, and the first $7 ids.
with wanted as (
  select id from orders o
  where (status = 'failed' and $8::text = 'failed'
      or status = 'pending' and $8 = 'pending'
         and (retry_count > 0 and next_attempt_at > now() or waited and next_attempt_at is null))
    and id >= $1::bigint and created_at >= $2::timestamptz and id < $9::bigint
    and created_at < $10::timestamptz
    and ($4::text is null or id = $3::bigint or external_id = $3 or total_amount = $11::numeric
      or case when $6::boolean
                then lower(concat_ws(' ', name, case when $12::boolean then concat_ws(' ', customer_name, customer_email) end) collate "C") like $4
                else lower(concat_ws(' ', name, case when $12 then concat_ws(' ', customer_name, customer_email) end)) like lower($4) end
      or exists (select from order_items i
                 where i.order_id = o.id and lower(i.sku) like lower($4) offset 0))
    and ($5::text is null
      or exists (select from order_items i
                 where i.order_id = o.id and lower(i.sku) = lower($5) offset 0))
  order by id
  for no key update
), started as (
  update orders o
  set status = 'pending', run = run + 1, retry_count = 0, crash_count = 0, next_attempt_at = now(),
    error_message = null
  from wanted w where o.id = w.id
  returning o.id
)
select count(*), (array_agg(id order by id))[:$7::int] from started
