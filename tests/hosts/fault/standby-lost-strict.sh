# the standby is lost, and nothing may be acknowledged without one
# setup AWAY=30
# shellcheck shell=sh
: >"$SCRATCH/strict"
lost=$(standby)
note "$lost is switched off"
from=$(date +%s%3N)
host_off "$lost"
sleep 10
to=$(date +%s%3N)
host_on "$lost"
ok 'it follows again' wait_until 30 streaming "$(primary)"
is "$(awk -v from="$from" -v to="$to" '$1 > from + 1000 && $1 < to && $3 ~ /^2/' "$SCRATCH/journal" | wc -l)" 0 \
	'nothing is acknowledged without it'
is "$(awk -v from="$from" -v to="$to" '$1 > from + 1000 && $1 < to && $3 != 503' "$SCRATCH/journal" | wc -l)" 0 \
	'... which each client is told within 5 s, by 503'
