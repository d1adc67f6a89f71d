# shellcheck shell=sh
# Imports: source it after services.sh.
#   counts       of the summary in $OUT, in the order of the law, and its status
#   unlawful     the summary in $OUT if it breaks the law
#   rows N NAME  prints a file of N products of that name, the last one first if NAME is down

export IMPORT_ACTIVE=yes

counts() {
	printf '%s\n' "$OUT" | jq -c 'select(.type == "summary")
		| [.read, .created, .updated, .unchanged, .superseded, .rejected, .status]'
}
unlawful() {
	printf '%s\n' "$OUT" | jq -c 'select(.type == "summary" and .status != "failed")
		| select(.read != .created + .updated + .unchanged + .superseded + .rejected)'
}
rows() {
	awk -v n="$1" -v name="$2" 'BEGIN { print "sku,name"
		for (i = 1; i <= n; i++) print "SKU-" (name == "down" ? n - i : i) "," name }'
}
