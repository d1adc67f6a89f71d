# a host with Fulfil loses its cable while its workers hold batches and stock; by SETUP
# shellcheck shell=sh
# Someone else locks the stock, so that batches stay with the workers.
(PGAPPNAME=shelf psql -X -q -h "$(address "$(primary)")" -U postgres -d fulfil -c BEGIN -c 'SELECT FROM stock FOR UPDATE' -c 'SELECT pg_sleep(30)') \
	>>"$SCRATCH/shelf.log" 2>&1 &
waiting="SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name LIKE 'fulfil-work D %' AND wait_event_type = 'Lock'"
holding() { [ "$(asks "$(primary)" "$waiting")" = t ]; }
ok 'workers of D hold orders, and wait for the stock' wait_until 20 holding
note 'the cable of D is pulled'
host_cut D
asks "$(primary)" "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shelf'" >/dev/null
lost_at=$(now_ms)
free() {
	[ "$(asks "$(primary)" "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'fulfil-work D %'
		AND state LIKE '%in transaction%'")" = 0 ]
}
sleep 1
ok 'they give it back' wait_until 40 free
note "D holds nothing $(($(now_ms) - lost_at)) ms after"
