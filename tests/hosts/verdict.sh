# shellcheck shell=sh disable=SC2154 # what is set by tap.sh
# What a run of the lab shows; sourced by hosts.sh.
#   verdict    waits until all orders are done, and says what was lost, doubled, held and seen
# AWAY is how many seconds nothing may be acknowledged for (15 unless a fault says otherwise), HELD how
# long a transaction may hold what it has locked (30), DONE how long the last orders may take (40).

all_done() {
	[ "$(asks "$(primary)" "SELECT count(*) FROM orders WHERE status <> 'completed'")" = 0 ]
}

verdict() {
	wait_until 30 asks "$(primary)" SELECT
	ok 'all orders are done' wait_until "${DONE:-40}" all_done ||
		diag "$(asks "$(primary)" 'SELECT status, count(*) FROM orders GROUP BY 1')"
	sort -n "$SCRATCH/journal" >"$SCRATCH/journal.sorted"
	awk '$3 ~ /^2/ { print $2 }' "$SCRATCH/journal" | sort >"$SCRATCH/acknowledged"
	asks "$(primary)" 'SELECT external_id FROM orders' | sort >"$SCRATCH/stored"
	acknowledged=$(wc -l <"$SCRATCH/acknowledged")
	lost=$(comm -23 "$SCRATCH/acknowledged" "$SCRATCH/stored" | wc -l)
	twice=$(uniq -d "$SCRATCH/stored" | wc -l)
	taken=$(asks "$(primary)" "SELECT (SELECT sum(opening - on_hand) FROM stock)
		- (SELECT count(*) FROM orders WHERE status = 'completed')")
	away=$(awk '$3 ~ /^2/ { if (last && $1 - last > most) most = $1 - last; last = $1 }
		END { printf "%.1f", most / 1000 }' "$SCRATCH/journal.sorted")
	held=$(sort -n "$SCRATCH/held" | tail -n 1)
	printf '# %s\n' "fault $FAULT, seed $SEED: acknowledged $acknowledged, lost $lost, doubled $((twice + taken))," \
		"nothing acknowledged for $away s, longest transaction ${held:-0} s; clients saw:"
	# Each status: how often, and how long half, and the slowest, of them took.
	sort -k 3,3 -k 4,4n "$SCRATCH/journal" | awk '
		function tell() { printf "#   %s  %6d times, half within %d ms, the slowest %d ms\n", was ? was : "nothing", n, ms[int((n + 1) / 2)], ms[n] }
		NR > 1 && $3 != was { tell(); n = 0 }
		{ was = $3; ms[++n] = $4 }
		END { if (NR) tell() }'
	ok 'orders were acknowledged' test "$acknowledged" -gt $((SECONDS_EACH * RATE / 2))
	is "$lost" 0 'not one that was acknowledged is lost'
	is "$twice $taken" '0 0' 'not one is there, or taken from the stock, twice'
	at_most "$away" "${AWAY:-15}" 'orders are acknowledged again'
	at_most "${held:-0}" "${HELD:-30}" 'what a transaction holds it gives back'
	load_verdict
	run_ok 'the audit holds' fulfil-scan --audit --journal "$SCRATCH/acknowledged"
	[ "$tap_failed" = 0 ] || lab_logs
	[ -z "${KEEP-}" ] || cp -r "$SCRATCH/journal.sorted" "$SCRATCH/"[DE] "$KEEP"
}

at_most() { # SECONDS LIMIT NAME
	awk "BEGIN { exit !($1 <= $2) }"
	tap_result $? "$3 within $2 s" || diag "after $1 s"
}

lab_logs() {
	for logs_file in "$SCRATCH"/[AB].log "$SCRATCH"/pg.*.log "$SCRATCH"/keeper.log "$SCRATCH"/rewind.log "$SCRATCH"/[DE]/*.log; do
		[ ! -s "$logs_file" ] || diag "${logs_file#"$SCRATCH/"}: $(tail -n 4 "$logs_file" | cut -c 1-300)"
	done
}
