-- Whether payloads are to be looked through for ones older than $1 days: once
-- an hour, since all of them are walked over.
select not exists (select from retention where table_name = 'payloads'
  and pruned_before > now() - make_interval(days => $1::int, hours => 1))
