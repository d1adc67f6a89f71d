-- The next id in quarantine above $1; null: there is none.
select min(id) from quarantine where id > $1::bigint
