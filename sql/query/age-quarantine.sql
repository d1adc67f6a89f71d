-- What is in quarantine for more than $1 days, after the id $2, at most $3; in hex.
select id, encode(body, 'hex') from quarantine
where id > $2::bigint and received_at < now() - make_interval(days => $1::int)
  and reason not like '% (without what it said of people)'
order by id
limit $3::int
