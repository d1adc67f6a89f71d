# shellcheck shell=sh
# What else a shop has: a list of prices that comes again and again, and a system that is told of each order;
# sourced by hosts.sh.
#   load_start     both; what an import has acknowledged is kept in $SCRATCH/imported, who was told in
#                  $SCRATCH/delivered
#   load_end       the last import ends
#   load_verdict   no price is older than what was acknowledged, and each order was told of

load_start() {
	perl "$TOP/tests/hosts/receiver.pl" "$SCRATCH/delivered" "$LAB_HERE" 9090 2>>"$SCRATCH/receiver.log" &
	LAB_PIDS="$LAB_PIDS $!"
	asks "$(primary)" "INSERT INTO webhooks (url, event_types) VALUES ('http://$LAB_HERE:9090/', '{order.completed}')" >/dev/null
	: >"$SCRATCH/imported"
	imports &
	imports_pid=$!
}

imports() {
	imports_n=0
	until [ -f "$SCRATCH/journal.end" ]; do
		for imports_host in $HOSTS; do
			imports_n=$((imports_n + 1))
			# shellcheck disable=SC2016
			printf 'sku,price\nS1,%d\nS2,%d\nS3,%d\n' "$imports_n" "$imports_n" "$imports_n" |
				on "$imports_host" timeout 60 fulfil-import --update-only --no-progress >"$SCRATCH/import.out" 2>>"$SCRATCH/import.log" &&
				grep -q '"status":"ok"' "$SCRATCH/import.out" && echo "$imports_n" >>"$SCRATCH/imported"
			sleep 0.3
		done
	done
}

load_end() {
	wait_until 70 services_ended "$imports_pid" || note 'an import does not end'
}

all_told() {
	[ "$(sort -u "$SCRATCH/delivered" | wc -l)" -ge "$(asks "$(primary)" 'SELECT count(*) FROM orders')" ]
}

load_verdict() {
	ok 'each order is told of' wait_until "${DONE:-40}" all_told ||
		diag "$(asks "$(primary)" 'SELECT state, count(*), min(error) FROM deliveries GROUP BY 1')"
	load_last=$(tail -n 1 "$SCRATCH/imported")
	ok 'prices were imported' test "${load_last:-0}" -gt 0
	is "$(asks "$(primary)" "SELECT count(*) FROM products WHERE price < ${load_last:-0}")" 0 '... and none of them is lost'
	printf '# %s\n' "imports acknowledged: $(wc -l <"$SCRATCH/imported"); told of $(sort -u "$SCRATCH/delivered" | wc -l) orders, \
$(($(wc -l <"$SCRATCH/delivered") - $(sort -u "$SCRATCH/delivered" | wc -l))) times more than once"
}
