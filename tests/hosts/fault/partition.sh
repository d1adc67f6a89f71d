# the primary's host loses its cable, stays, and gets it back
# shellcheck shell=sh
old=$(primary)
note "the cable of $old is pulled"
host_cut "$old"
ok 'the standby is promoted' wait_until 20 promoted "$(echo "$old" | tr AB BA)"
sleep 8
note "the cable of $old is put in"
host_join "$old"
ok '... and has a standby again' wait_until 30 streaming "$(primary)"
