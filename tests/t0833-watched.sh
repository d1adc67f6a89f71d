#!/bin/sh
# share/prometheus, share/grafana and share/ALARMS.md: every figure that they name is one of /metrics, every
# alert is explained, and the rules do what they should where promtool is there to say so.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"
services_start

# What is not known has no figure, so there is an order.
echo '{"id":1,"updated_at":"2026-01-01T00:00:00Z","line_items":[]}' >order.json
hook order.json HTTP_X_SHOPIFY_TRIGGERED_AT="$(date -u +%FT%TZ)"
fulfil-work --drain >/dev/null

PROGRAM=api request GET /metrics
is "$STATUS" 200 '/metrics answers'
sed -n 's/^# TYPE \(fulfil_[a-z_]*\) .*/\1/p' body | sort -u >there
rules=$TOP/share/prometheus/fulfil.rules.yml board=$TOP/share/grafana/fulfil.json
for file in "$rules" "$board" "$TOP/share/prometheus/fulfil.test.yml" "$TOP/share/ALARMS.md"; do
	grep -oE '\bfulfil_[a-z_]+' "$file" | sort -u >named
	ok "${file##*/} names figures" test -s named
	is "$(comm -13 there named)" '' '... that /metrics has'
done
# Those with a label: values that it has.
grep -ohE 'fulfil_[a-z_]+\{[a-z]+="[a-z_]+"\}' "$rules" "$TOP/share/prometheus/fulfil.test.yml" | sort -u >named
grep -oE '^fulfil_[a-z_]+\{[^}]*\}' body | sort -u >there
is "$(comm -13 there named)" '' '... with labels that it has'
sed -n 's/.*record: //p' "$rules" | sort -u >there
grep -ohE 'fulfil:[a-z_]+:?[a-z_]*' "$board" | sort -u >named
is "$(comm -13 there named)" '' 'what the dashboard takes of the recording rules is there'

alerts=$(sed -n 's/.*alert: //p' "$rules")
is "$(sed -n 's/^## //p' "$TOP/share/ALARMS.md")" "$alerts" 'ALARMS.md has a section for each alert'
is "$(sed -n 's/.*runbook: ALARMS.md#//p' "$rules")" "$(printf '%s\n' "$alerts" | tr '[:upper:]' '[:lower:]')" '... to which the alert leads'
is "$(awk '/alert:/ { name = $3 } /expr:/ && name { sub(/^ *expr: /, ""); print name "\t" $0; name = "" }' "$rules")" \
	"$(awk '/^## / { name = $2 } /^`/ && name { split($0, part, "`"); print name "\t" part[2]; name = "" }' "$TOP/share/ALARMS.md")" \
	'... and says when it fires'
is "$(sed -n 's/.*- name: \(Fulfil.*\)/\1/p' "$TOP/share/prometheus/fulfil.test.yml")" "$alerts" 'each has a test'
# What is to be typed is there to be typed.
grep -oE '`fulfil-[a-z]+' "$TOP/share/ALARMS.md" | tr -d '`' | sort -u >named
for unit in "$TOP"/share/systemd/*.*; do basename "$unit" | sed 's/\..*//'; done | cat - "$TOP/build/completion/table" |
	sed 's/^option\t\(fulfil-[a-z]*\)\t.*/\1/; s/^.*\tfulfil\t\([a-z]*\)\t.*/fulfil-\1/' | sort -u >there
is "$(comm -13 there named)" '' 'ALARMS.md names commands that are there'
grep -oE '`fulfil [a-z]+ [a-z]+' "$TOP/share/ALARMS.md" | tr -d '`' | sort -u >named
sed -n 's/^word\t\(fulfil [a-z]*\)\t\([a-z]*\)\t.*/\1 \2/p' "$TOP/build/completion/table" | sort -u >there
is "$(comm -13 there named)" '' '... with verbs that they have'

ok 'the dashboard is JSON' jq -e '.panels | length > 10' "$board"
is "$(jq -r '[.panels[].id] | length - (unique | length)' "$board")" 0 '... with panels of their own numbers'
is "$(jq -r '.panels[] | .targets[].expr | select(test("job=\"\\$job\"") | not)' "$board")" '' '... all of the job that is chosen'
is "$(jq -r '.panels[] | select(.gridPos.x + .gridPos.w > 24) | .title' "$board")" '' '... inside of its 24 columns'
if command -v promtool >/dev/null; then
	exit_is 0 'promtool: the rules' -- promtool check rules "$rules"
	exit_is 0 'promtool: their tests' -- sh -c "cd '$TOP/share/prometheus' && promtool test rules fulfil.test.yml"
	sed 's#/etc/prometheus/fulfil.token#/dev/null#' "$TOP/share/prometheus/scrape.yml" >scrape.yml
	exit_is 0 'promtool: the configuration of the scrape' -- promtool check config scrape.yml
	"$BUILD/cmd/fulfil-stat" -f prometheus >text.prom
	exit_is 0 'promtool: the figures' -- sh -c 'promtool check metrics <text.prom'
fi
done_testing
