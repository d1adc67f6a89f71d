#!/bin/sh
# What a browser loads: compressed, at most 110 kB for the first look at the overview, and kept for good, as its
# address changes with its content.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
"$TOP/cron/start/sample"

head_of() { # PATH
	curl -s -o /dev/null -D - -H 'Accept-Encoding: gzip' -H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL$1" | tr -d '\r'
}

sed -nE 's/.*(href|src)="(\/[0-9a-f]{12}\/[^"]*)".*/\2/p' "$BUILD/static/index.html" "$BUILD/static/sign-in.html" | sort -u >loaded
while read -r path; do
	like "$(head_of "$path" | grep -iE '^(HTTP|Cache-Control|Content-Encoding)' | sort | tr '\n' ' ')" \
		'^Cache-Control: .*max-age=31536000, immutable Content-Encoding: gzip HTTP/1.1 200 OK' "$path is compressed and kept"
done <loaded
ok 'there are such' test "$(wc -l <loaded)" -ge 10
is "$(sed -nE 's/.*(href|src)="(\/[^"]*\.(js|css|svg))".*/\2/p' "$BUILD/static/index.html" "$BUILD/static/sign-in.html" | grep -vcE '^/[0-9a-f]{12}/')" 0 \
	'nothing that a page loads has another address'
like "$(head_of /)" 'Cache-Control: no-cache' 'the page itself is asked for'
psqlq "INSERT INTO products (sku, name) SELECT 'P-' || i, 'Product ' || i FROM generate_series(1, 300) i" >/dev/null
like "$(head_of '/api/products?page_size=200')" 'Content-Encoding: gzip' 'a list is compressed'
ok '... and the same' test "$(curl -s --compressed -H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL/api/products?page_size=200" |
	jq '.products | length')" -eq 200

screen 1440 light
cdp Network.clearBrowserCache '{}' >/dev/null
sign_in "$API_TOKENS_WRITE"
cdp Network.clearBrowserCache '{}' >/dev/null
visit '/#/orders'
cdp Network.clearBrowserCache '{}' >/dev/null
visit '/?first#/'
shows 'the overview' 'return document.querySelectorAll("canvas").length >= 3 && window.Chart && document.querySelector("main td a")'
took() { # PATTERN -> bytes, heads of answers included
	js "return [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
		.filter((e) => $1.test(new URL(e.name).pathname)).reduce((n, e) => n + e.transferSize, 0)"
}
files=$(took '/^.(?!api.)/') all=$(took '/./')
diag "the first look takes $files bytes of files, $all with what they ask for"
ok 'the first look takes 110 kB at most' test "$files" -le 112640
wd POST "/session/$BROWSER/refresh" >/dev/null
shows 'a reload' 'return window.Chart && document.querySelector("main td a")'
bytes=$(js 'return performance.getEntriesByType("resource").filter((e) => /\.(js|css|svg)$/.test(new URL(e.name).pathname)).reduce((n, e) => n + e.transferSize, 0)')
is "$bytes" 0 '... asks for no file again'
done_testing
