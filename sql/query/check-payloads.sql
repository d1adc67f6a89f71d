-- Whether to look for payloads older than $1 days: once an hour, since the search reads all of
-- them.
select not exists (select from retention where table_name = 'payloads'
  and pruned_before > now() - make_interval(days => $1::int, hours => 1))
