-- Records a wrong token from address $1, and deletes old ones.
with old as (delete from sign_in_failures where at < now() - interval '1 hour')
insert into sign_in_failures (remote_addr) values ($1::text)
