# the primary loses its power, and the name by which Fulfil knows it is the standby's from then on
# setup SETUP=name
# shellcheck shell=sh
old=$(primary)
note "$old is switched off"
host_off "$old"
ok 'the standby is promoted' wait_until 20 promoted "$(echo "$old" | tr AB BA)"
sleep 3
note "$old is switched on"
host_on "$old"
ok '... and has a standby again' wait_until 30 streaming "$(primary)"
