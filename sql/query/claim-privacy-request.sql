-- The oldest request after $1 that is not done, or that named orders which had not come.
select id, kind, shop, phone, customer_id, done_at is not null
from privacy_requests
where id > $1::bigint and (done_at is null or missing <> '{}')
order by id
limit 1
for no key update skip locked
