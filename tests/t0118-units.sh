#!/bin/sh
# The units that make install puts in place: systemd takes them, they are shut in, they name what is
# installed, and a pool works on a socket that systemd made.
# shellcheck disable=SC2010,SC2013,SC2016,SC2046

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
command -v systemd-analyze >/dev/null || skip_all 'there is no systemd-analyze'
unset MAKEFLAGS MFLAGS MAKELEVEL

here=$SCRATCH/usr
run_ok 'make install' make -s -C "$TOP" install PREFIX="$here" rundir="$SCRATCH/run"
units=$here/lib/systemd/system
is "$(grep -rl '@[a-z]*@' "$here/lib")" '' 'no place is left to fill in'
for unit in "$units"/*; do
	name=${unit##*/}
	systemd-analyze verify --man=no --recursive-errors=no "$unit" >said 2>&1
	is "$(grep "$name" said)" '' "systemd takes $name"
done
for unit in "$units"/*.service; do
	name=${unit##*/}
	score=$(systemd-analyze security --offline=true --no-pager "$unit" 2>/dev/null | sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p')
	ok "$name is shut in: $score of 10" awk -v score="$score" 'BEGIN { exit !(score != "" && score <= 2.0) }'
	like "$(sed -n 's/^ExecStart=.* \(-- \)\{0,1\}//p; s/^ExecStart=//p' "$unit")" . '... starts something'
	for program in $(sed -n 's/^ExecStart=//p' "$unit" | tr ' ' '\n' | grep "^/"); do
		ok "... $program is there" test -x "$program"
	done
done
for unit in $(sed -n 's/^Wants=\(fulfil-.*\)/\1/p' "$units/fulfil.target"); do
	ok "fulfil.target wants $unit" test -s "$units/$unit"
done
is "$(cd "$units" && ls fulfil-*.socket fulfil-*.timer fulfil-*.service | grep -vE '(enqueue|scan|traces).service' | sort)" \
	"$(sed -n 's/^Wants=\(fulfil-.*\)/\1/p' "$units/fulfil.target" | sort)" '... and leaves none out'
like "$(cat "$here/lib/sysusers.d/fulfil.conf")" '^u fulfil ' 'the user'
like "$(cat "$here/lib/tmpfiles.d/fulfil.conf")" "^d $SCRATCH/run " '... and the directory of the sockets'

# As a pool gets its socket from systemd: on descriptor 0, made by somebody else.
services_start
mkdir run
pool=$(sed -n 's/^ExecStart=//; s/${PROCESSES}/2/p' "$units/fulfil-api.service" | sed 's/^ExecStart=//')
# shellcheck disable=SC2086 # its words
(exec setpriv --pdeathsig=TERM systemd-socket-activate --inetd -l "$SCRATCH/run/api.sock" \
	$(printenv | sed -n 's/^\([A-Z_]*\)=.*/-E \1/p') $pool) >pool.log 2>&1 &
pool_pid=$!
at_exit "kill $pool_pid 2>/dev/null"
wait_until 20 test -S run/api.sock
fcgi() { # PATH
	REQUEST_METHOD=GET SCRIPT_NAME='' PATH_INFO=$1 QUERY_STRING='' REMOTE_ADDR=127.0.0.1 \
		timeout 20 cgi-fcgi -bind -connect run/api.sock
}
like "$(fcgi /api/health | tr -d '\r')" '"status":' 'a pool answers on it'
like "$(fcgi /api/health | tr -d '\r')" '"status":' '... again'
kill $pool_pid
wait $pool_pid
is "$(pgrep -f "$here/libexec/fulfil/api" | wc -l)" 0 '... and leaves nobody'
done_testing
