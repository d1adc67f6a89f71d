#!/bin/sh
# fulfil-import --feed: what a feed was like the last time is remembered, and how it is read.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
services_start

kept() { psqlq "select name, rows, reading from feeds order by name"; }
list() { # N: a list of a supplier, with N rows
	echo 'Ref;Was;Kostet'
	seq "$1" | sed 's/.*/F-&;Thing &;1&,50/'
}
list 100 >full.csv
exit_is 0 'a feed, and how it is read' -- fulfil-import --feed acme --map Was=name --map Kostet=price --decimal , <full.csv
is "$(counts)" '[100,100,0,0,0,0,"ok"]' '... comes in'
is "$(kept)" 'acme|100|{"map": ["Was=name", "Kostet=price"], "decimal": ","}' '... and is kept'
exit_is 0 'without the options' -- fulfil-import --feed acme <full.csv
is "$(counts)" '[100,0,0,100,0,0,"ok"]' '... it is read in the same way'

list 79 >short.csv
exit_is 65 'a file that shrank' -- fulfil-import --feed acme <short.csv
like "$ERR" 'feed_shrank: .*acme.* had 100 rows the last time, and has 79 now; 80 are the least' '... is refused with the figures'
is "$(kept | cut -d '|' -f 2) $(printf '%s\n' "$OUT" | jq -r 'select(.type == "summary") | .status')" '100 failed' '... and changes nothing'
feeds() { # JQ: of what the API says of the feed acme
	request GET /api/feeds
	answer "[.feeds[] | select(.name == \"acme\") | $1] | tojson"
}
is "$(feeds '.rows, .columns, .options, (.refused | test("has 79 now; 80 are the least")), .refused_at >= .imported_at')" \
	'[100,["sku","name","price"],{"map":["Was=name","Kostet=price"],"decimal":","},true,true]' '... and the API says so, and what it was'
list 80 >less.csv
exit_is 0 'one that lost a fifth' -- fulfil-import --feed acme <less.csv
is "$(feeds '.rows, .refused, .refused_at')" '[80,null,null]' '... is imported, and nothing is refused any more'
exit_is 65 'one more, with --max-shrink' -- fulfil-import --feed acme --max-shrink 1 <short.csv
exit_is 0 'all that may be lost' -- fulfil-import --feed acme --max-shrink 100 <short.csv
is "$(kept | cut -d '|' -f 2)" 79 '... is taken, and is the measure of the next'
{ list 50; printf 'F-51;Thi'; } >cut.csv
exit_is 65 'one that is cut in a row' -- fulfil-import --feed acme --max-shrink 100 <cut.csv
like "$ERR" cut_file '... is refused'
list 79 | cut -d ';' -f 1,2 >narrow.csv
exit_is 65 'one without a column that it had' -- fulfil-import --feed acme --map Was=name <narrow.csv
like "$ERR" 'feed_columns: .* a column price the last time' '... is refused'
exit_is 0 'another feed' -- fulfil-import --feed 'Other ü' <<'END'
sku,name
O-1,One
END
is "$(kept | cut -d '|' -f 1 | xargs)" 'Other ü acme' '... has a size of its own'
exit_is 0 'a dry run' -- fulfil-import --dry-run --feed new --map Was=name --map Kostet= <full.csv
is "$(kept | wc -l)" 2 '... is not kept'
exit_is 65 'a dry run that would be refused' -- fulfil-import --dry-run --feed 'Other ü' --min-rows 9 <full.csv
request GET /api/feeds?limit=1
is "$(answer '[.total, (.feeds | length), .feeds[0].name, .feeds[0].refused] | tojson')" '[2,1,"Other ü",null]' '... neither'
list 0 >none.csv
exit_is 65 'a feed of nothing' -- fulfil-import --feed acme --max-shrink 100 <none.csv
like "$(feeds .refused)" too_few_rows '... is refused, as is told'
exit_is 64 'a name that is blank' -- fulfil-import --feed '' <full.csv

upload() { # FILE QUERY: and waits for its end
	SEND=$1 request POST "/api/upload?filename=$1&$2" '' CONTENT_TYPE=text/csv
	task=$(answer .task_id)
	ok "$1 is done" wait_until 30 over
}
over() {
	request GET "/api/upload/$task/progress"
	answer .status | grep -qE 'completed|failed'
}
fulfil-import --work >records 2>messages &
worker=$!
at_exit "kill -KILL $worker 2>/dev/null"
list 100 >full.csv
upload full.csv 'feed=screen&map=Was%3Dname%0AKostet%3Dprice'
is "$(answer .status) $(kept | grep screen)" 'completed screen|100|{"map": ["Was=name", "Kostet=price"]}' 'an upload has a name, too'
exit_is 0 'the command' -- fulfil-import --feed screen <full.csv
is "$(counts)" '[100,0,0,100,0,0,"ok"]' '... reads the next one in the same way'
upload short.csv feed=screen
like "$(answer '[.status, .error_message] | join(" ")')" 'failed feed_shrank: .*had 100 rows the last time, and has 79 now' '... and an upload that shrank is refused'
request GET /api/feeds
like "$(answer '.feeds[] | select(.name == "screen") | .refused')" 'feed_shrank: .* has 79 now' '... which is kept with its feed'
SEND=full.csv request POST '/api/upload?feed=a%0Ab' '' CONTENT_TYPE=text/csv
is "$STATUS" 400 'a name that is none'
done_testing
