# the standby is lost, and the keeper lets the primary continue alone
# shellcheck shell=sh
note "$(standby) is switched off"
lost=$(standby)
host_off "$lost"
sleep 8
host_on "$lost"
ok 'it follows again' wait_until 30 streaming "$(primary)"
