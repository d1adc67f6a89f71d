-- Takes body $1 out of quarantine.
delete from quarantine where id = $1::bigint
