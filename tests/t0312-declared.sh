#!/bin/sh
# What a route declares is what its handler may ask for: each route is asked with each of its parameters,
# and a handler that asks for another is found out.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start

# --- every route that changes something (t0340 asks those that read)

jq -r '.components.parameters as $c | .paths | to_entries[] | select(.key | startswith("/webhooks") | not)
	| .key as $p | .value | to_entries[] | select(.key | . != "get" and . != "head") | .key as $m
	| .value | [.parameters[]? | if .["$ref"] then $c[.["$ref"] | split("/")[-1]] else . end
		| select(.in == "query") | "\(.name)=\(.example | @uri)"]
	| "\($m | ascii_upcase) \($p) \(join("&"))"' "$TOP/cgi-bin/openapi.json" |
	sed 's/{id}/1/; s/{task_id}/00000000-0000-4000-8000-000000000000/' >routes
ok 'there are routes that change something' test "$(wc -l <routes)" -gt 12
while read -r method path query; do
	rest=$query
	while :; do
		request "$method" "$path?$rest" '{}'
		unlike "$STATUS" '^5' "$method $path?$rest"
		case $rest in *'&'*) rest=${rest#*&} ;; *) break ;; esac
	done
	request "$method" "$path?bogus=1" '{}'
	is "$STATUS $(answer '[.errors[].parameter] | join(" ")')" '400 bogus' "$method $path?bogus=1"
done <routes

# --- a handler that asks for what its route does not declare

cat >asks.c <<'C'
#include "base/conf.h"
#include "web/cgi.h"
#include "web/serve.h"

static const struct param given = {"given", PARAM_TEXT, NULL, 0, 0};
static const struct param other = {"given", PARAM_TEXT, NULL, 0, 0};
static const struct param *const params[] = {&given, NULL};

static int asks(struct cgi *c, struct err *e)
{
	(void)e;
	buf_addf(cgi_out(c), "[%s]", cgi_text(c, &given) ? cgi_text(c, &given) : "none");
	if (cgi_id(c) == 2)
		buf_addf(cgi_out(c), "[%s]", cgi_text(c, &other) ? "some" : "none");
	return 0;
}

int main(void)
{
	static const struct cgi_route routes[] = {{"GET", "/asks/{id}", CGI_OPEN, params, asks}, {0}};
	static const struct cgi_table tables[] = {{routes, 0}, {0}};
	const struct cgi_app app = {"asks", "/asks", tables, NULL, NULL};
	struct conf *conf;

	return conf_load(&conf, CONF_CGI, NULL) != 0 ? 1 : serve_run(&app, conf);
}
C
mkdir -p build/cgi-bin
case ${BUILD##*/} in address*) sanitize=-fsanitize=${BUILD##*/} ;; esac
# shellcheck disable=SC2046 # a list of flags
ok 'a program with such a handler' "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE ${sanitize:+"$sanitize"} -I"$TOP/lib" -o build/cgi-bin/asks asks.c \
	"$BUILD/libfulfil.a" -Wl,--as-needed $(pkg-config --cflags --libs libpq hiredis jansson libcrypto libcurl) -lcsv -lfcgi
asked=$BUILD
BUILD=$PWD/build PROGRAM=asks
request GET '/asks/1?given=x'
is "$STATUS $BODY" '200 [x]' 'what is declared is given'
request GET '/asks/2?given=x'
refused 500 '' 'what is not declared'
like "$(cat log)" 'GET /asks/\{id\} reads the parameter given, which it does not declare' '... and the log names it'
BUILD=$asked PROGRAM=

done_testing
