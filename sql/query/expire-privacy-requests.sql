-- A data request that was done has to be answered within 30 days; its record names nobody after them.
update privacy_requests
set email = null, phone = null
where kind = 'data_request' and done_at < now() - interval '30 days'
  and (email is not null or phone is not null)
