# shellcheck shell=sh
# shellcheck disable=SC2154 # of tap.sh
# README's first block, from source on a bare machine: as root, and as an ordinary user with sudo.
# shellcheck disable=SC2016 # for shells in there
start=$(sed -n '/^## Start/,/^## /s/^    \(sh cron.deps && make run\)$/\1/p' "$TOP/README.md")
like "$start" 'make run' "README's first command"

# quick_start USER HOME: what README says, typed by USER, as far as an order that is complete; then one test.
quick_start() {
	tree_into "$ROOT$2/fulfil"
	cat >"$ROOT$2/quick" <<END
cd $2/fulfil && export HOME=$2 || exit
setsid sh -c '$start' >log 2>&1 &
n=900
until grep -q 'Ctrl-C stops it' log; do
	[ \$((n -= 1)) -gt 0 ] && kill -0 \$! || exit 1
	sleep 1
done
grep 'sign in' log
. var/run.env
n=60
until [ "\$(curl -sS -f "\$FULFIL_URL/api/orders?status=completed" -H "Authorization: Bearer \$FULFIL_TOKEN" | jq .total)" -gt 0 ]; do
	[ \$((n -= 1)) -gt 0 ] || exit 2
	sleep 1
done
fulfil-scan --audit || exit 3
kill -s TERM -- -\$!
wait \$!
n=30
while pgrep_fulfil=\$(ls -l /proc/*/exe 2>/dev/null | grep -c "$2/fulfil/"); [ "\$pgrep_fulfil" -gt 0 ]; do
	[ \$((n -= 1)) -gt 0 ] || exit 4
	sleep 1
done
END
	[ "$1" = root ] || in_root chown -R "$1:" "$2"
	exit_is 0 "$1: $start, and its orders complete, and it stops" -- in_root runuser -u "$1" -- sh "$2/quick"
	like "$OUT" 'sign in +http' '... it prints where to sign in'
	[ "$tap_got" -eq 0 ] || diag "$(tail -n 20 "$ROOT$2/fulfil/log")"
	exit_is 0 "$1: make with one test" -- in_root runuser -u "$1" -- sh -c "export HOME=$2 && cd $2/fulfil &&
		make -s test TESTS=tests/t0230-audit.sh UNITS=build/tests/unit/conf"
	[ "$tap_got" -eq 0 ] || diag "$(printf '%s\n' "$OUT" | tail -n 20)"
}
root_new source
in_root apt-get update -q >/dev/null 2>&1
quick_start root /root
root_new user
ok 'a user with sudo' in_root sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends sudo &&
	useradd -m -s /bin/bash ada && echo "ada ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/ada'
quick_start ada /home/ada
