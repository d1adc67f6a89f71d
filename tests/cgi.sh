# shellcheck shell=sh
# Requests without a web server: source it after services.sh.
#   request METHOD TARGET [BODY [VARIABLE=VALUE…]]
#     runs $PROGRAM (api unless set) as plain CGI; TARGET is a path, with ?query. The bytes of the
#     file $SEND are the body where it is set. Leaves $STATUS, $HEAD and $BODY, the body's bytes in
#     the file body, and what was logged in the file log.
#   answer JQ…    jq -r of the body
#   refused STATUS JQ-ERRORS NAME    the answer is a problem; its errors as "name detail;…"

request() {
	request_method=$1
	request_target=$2
	if [ -n "${SEND-}" ]; then cp "$SEND" sent; else printf '%s' "${3-}" >sent; fi
	shift $(($# < 3 ? $# : 3))
	case $request_target in
	*\?*) request_query=${request_target#*\?} request_path=${request_target%%\?*} ;;
	*) request_query='' request_path=$request_target ;;
	esac
	env REQUEST_METHOD="$request_method" SCRIPT_NAME= PATH_INFO="$request_path" REQUEST_URI="$request_target" \
		QUERY_STRING="$request_query" CONTENT_TYPE=application/json CONTENT_LENGTH="$(wc -c <sent)" \
		REMOTE_ADDR=192.0.2.7 HTTP_AUTHORIZATION="Bearer ${TOKEN-$API_TOKENS_WRITE}" "$@" \
		timeout 20 "$BUILD/cgi-bin/${PROGRAM:-api}" <sent >answer 2>log || echo "# ${PROGRAM:-api} ended with $?"
	# The head ends at the first empty line.
	HEAD=$(sed '/^\r$/q' answer | tr -d '\r')
	tail -c +$(($(sed '/^\r$/q' answer | wc -c) + 1)) answer >body
	# shellcheck disable=SC2034 # for the caller
	BODY=$(tr -d '\000' <body)
	STATUS=$(printf '%s\n' "$HEAD" | sed -n 's/^Status: \([0-9]*\).*/\1/p')
}

answer() {
	jq -r "$@" <body 2>&1
}

refused() {
	is "$STATUS $(answer '.status')" "$1 $1" "$3: $1"
	like "$HEAD" '^Content-Type: application/problem\+json$' '... as a problem'
	is "$(answer '[.errors[]? | "\(.parameter // .pointer // .header) \(.detail)"] | join(";")')" "$2" \
		'... that names the field'
}
