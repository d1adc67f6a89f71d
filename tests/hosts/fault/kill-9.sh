# kill -9 of all PostgreSQL on the primary's host, that stays: the standby takes over, the old one follows it
# shellcheck shell=sh
old=$(primary)
note "kill -9 of PostgreSQL on $old"
pg_kill "$old"
ok 'the standby is promoted' wait_until 20 promoted "$(echo "$old" | tr AB BA)"
ok '... and has a standby again' wait_until 30 streaming "$(primary)"
