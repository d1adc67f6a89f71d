#!/bin/sh
# Importers of uploads that die: before and after what counts, and of a file that kills them.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

faults
services_start
awk 'BEGIN { print "sku,name,quantity"; for (i = 1; i <= 20000; i++) print "SKU-" i ",Lamp,5\n,none,1" }' >file.csv
split -b 262144 -d -a 4 file.csv piece.

# upload: puts the file there as a request would, in pieces; it is upload $id.
upload() {
	id=$(psqlq "INSERT INTO uploads (filename, options) VALUES ('file.csv', '{\"stock\": true}') RETURNING id")
	for piece in piece.*; do
		printf "\\\\set hex '%s'\nINSERT INTO upload_pieces VALUES (%s, %s::int, decode(:'hex', 'hex'));\n" \
			"$(od -An -v -tx1 "$piece" | tr -d ' \n')" "$id" "'${piece#piece.}'" |
			psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL"
	done
	psqlq "UPDATE uploads SET status = 'queued', bytes = $(wc -c <file.csv), pieces = (SELECT count(*)
		FROM upload_pieces WHERE upload_id = $id) WHERE id = $id"
}
# importer [FAULT]: one that is killed at FAULT, or imports what there is and is stopped.
importer() {
	FULFIL_FAULT=${1-} fulfil-import --work >>records 2>>messages &
	pid=$!
	if [ -n "${1-}" ]; then
		wait $pid 2>/dev/null
		died=$?
	else
		wait_until 30 says "SELECT count(*) FROM uploads WHERE status IN ('queued', 'running')" 0
		kill $pid && wait $pid
	fi
}
state() {
	psqlq "SELECT status, tries, CASE WHEN finished_at IS NULL THEN 0 ELSE created + updated + unchanged END,
		CASE WHEN finished_at IS NULL THEN 0 ELSE rejected END FROM uploads WHERE id = $id"
}
products() {
	psqlq "SELECT count(*), (SELECT sum(on_hand) FROM stock), (SELECT count(*) FROM ledger),
		(SELECT count(*) FROM sync_logs WHERE status = 'success') FROM products"
}

upload
importer claimed
is "$died $(state) $(products)" '137 running|1|0|0 0||0|0' 'killed while it imports'
importer before-completion
is "$died $(state) $(products)" '137 running|2|0|0 0||0|0' 'killed when all is written'
importer before-commit
is "$died $(state) $(products)" '137 running|3|0|0 0||0|0' 'killed before COMMIT'
importer
is "$(state) $(products)" 'failed|4|0|0 0||0|0' 'after the third it has failed'
like "$(psqlq "SELECT error_message FROM uploads WHERE id = $id")" 'three importers ended in the middle of this file' '... and why'

upload
importer before-commit
importer
is "$(state) $(products)" 'completed|2|20000|20000 20000|100000|20000|1' 'another takes it up: all of it, once'
is "$(psqlq "SELECT count(*) FROM (SELECT string_agg(convert_from(body, 'UTF8'), '' ORDER BY n) AS t FROM upload_rejects
	WHERE upload_id = $id) r, regexp_split_to_table(t, '\n') l WHERE l LIKE '%missing_sku%'")" 20000 '... and each rejected row once'

upload
importer after-commit
is "$died $(state) $(products)" '137 completed|1|20000|20000 20000|100000|20000|2' 'killed after COMMIT: it is completed'
importer
is "$(state) $(products)" 'completed|1|20000|20000 20000|100000|20000|2' '... and not imported again'

# kill -9 at no chosen moment
for ms in 50 150 300 600; do
	psqlq "UPDATE products SET name = 'x'"
	upload
	fulfil-import --work >>records 2>>messages &
	pid=$!
	perl -e "select undef, undef, undef, $ms / 1000"
	kill -KILL $pid
	wait $pid 2>/dev/null
	importer
	is "$(psqlq "SELECT status, created, unchanged + updated, rejected FROM uploads WHERE id = $id") $(psqlq "SELECT count(*) FROM products WHERE name <> 'Lamp'")" \
		'completed|0|20000|20000 0' "killed after $ms ms, and taken up again"
	is "$(psqlq "SELECT count(*) FROM sync_logs WHERE status = 'success' AND task_id = (SELECT task_id::text FROM uploads WHERE id = $id)")" \
		1 '... imported once'
done

# PostgreSQL goes away in the middle
psqlq "UPDATE products SET name = 'x'"
upload
fulfil-import --work >>records 2>>messages &
pid=$!
wait_until 10 says "SELECT status FROM uploads WHERE id = $id" running
pg_stop_immediate
pg_start
over() { says "SELECT status FROM uploads WHERE id = $id" completed; }
ok 'an importer outlives PostgreSQL' wait_until 30 over
kill $pid
wait $pid
is $? 0 '... and is stopped'
is "$(products)" "$(psqlq "SELECT '20000|100000|20000|' || count(*) FROM uploads WHERE status = 'completed'")" 'all were imported once'
exit_is 0 'and all holds that must' -- fulfil-scan --audit

done_testing
