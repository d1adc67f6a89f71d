#!/bin/sh
# Uploads as requests: what is taken, in which spelling, and what is refused. Without a web server.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
FORM='CONTENT_TYPE=multipart/form-data; boundary=x'
printf 'sku,name\nA-1,Mug\n' >file.csv

# form NAME… : writes the file form of parts; file:NAME is the file with that name, field=value a field.
form() {
	for part; do
		case $part in
		*:*)
			printf -- '--x\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: text/csv\r\n\r\n' \
				"${part%%:*}" "${part#*:}"
			cat "${FILE:-file.csv}"
			;;
		*) printf -- '--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s' "${part%%=*}" "${part#*=}" ;;
		esac
		printf '\r\n'
	done >form
	printf -- '--x--\r\n' >>form
}
# sent: what is stored of the last upload.
sent() {
	psqlq "SELECT convert_from(string_agg(body, '' ORDER BY n), 'UTF8') FROM upload_pieces WHERE upload_id = $(answer .upload_job_id)"
}
options() {
	psqlq "SELECT options FROM uploads WHERE id = $(answer .upload_job_id)"
}
count() {
	psqlq "SELECT count(*) FILTER (WHERE status = 'queued') FROM uploads"
}

# --- what is taken

SEND=file.csv request POST /api/upload '' CONTENT_TYPE=text/csv
is "$STATUS $(answer -c '[.filename, .status]')" '202 ["upload.csv","queued"]' 'the bytes themselves'
like "$HEAD" "^Location: /api/upload/$(answer .task_id)/progress\$" '... and where to look'
is "$(sent)" "$(cat file.csv)" '... stored as they are'
is "$(psqlq "SELECT bytes || ' ' || sha256 FROM uploads")" "17 $(sha256sum file.csv | cut -d ' ' -f 1)" '... measured'
SEND=file.csv request POST '/api/upload?filename=a/b%5Cnew.csv' '' 'CONTENT_TYPE=text/csv; charset=utf-8'
is "$STATUS $(answer .filename)" '202 new.csv' 'a name in the address'
is "$(options)" '{"encoding": "utf-8"}' '... whose type says the encoding'
SEND=file.csv request POST '/api/upload?encoding=utf-16' '' 'CONTENT_TYPE=text/csv; header=present; charset="iso-8859-1"'
is "$STATUS $(options)" '202 {"encoding": "utf-16"}' '... unless a parameter does'
SEND=file.csv request POST '/api/upload?encoding=' '' 'CONTENT_TYPE=text/csv; header=present; Charset="iso-8859-1"'
is "$STATUS $(options)" '202 {"encoding": "iso-8859-1"}' '... and is not empty'
SEND=file.csv request POST /api/upload '' CONTENT_TYPE=text/plain "HTTP_CONTENT_DISPOSITION=attachment; filename=\"n.csv\""
is "$STATUS $(answer .filename)" '202 n.csv' 'a name in a header'
form file:a.csv
SEND=form request POST /api/upload '' "$FORM"
is "$STATUS $(answer .filename)" '202 a.csv' 'a form'
is "$(sent)" "$(cat file.csv)" '... of which the file is stored'
form active=no file:a.csv stock=on delimiter=';' encoding= dry_run=false 'map=Item=sku' 'map=Title=name'
SEND=form request POST '/api/upload?max_errors=5%25' '' "$FORM"
is "$STATUS" 202 'fields before and after the file, and parameters'
is "$(options)" '{"map": ["Item=sku", "Title=name"], "stock": true, "active": "no", "dry_run": false, "delimiter": ";", "max_errors": "5%"}' \
	'... are its options'
SEND=file.csv request POST '/api/upload?map=A%3Dsku%0D%0AB%3Dname' '' CONTENT_TYPE=text/csv
is "$(options)" '{"map": ["A=sku", "B=name"]}' 'several maps in the address'
form file=sku,name
SEND=form request POST /api/upload '' "$FORM"
is "$STATUS $(answer .filename) $(sent)" '202 upload.csv sku,name' 'a file without a name'
head -c 700000 /dev/urandom | od -An -v -tx1 >big.csv
FILE=big.csv form file:big.csv
SEND=form request POST /api/upload '' "$FORM"
is "$STATUS $(psqlq "SELECT u.sha256 || ' ' || (SELECT encode(sha256(string_agg(body, '' ORDER BY n)), 'hex')
	FROM upload_pieces WHERE upload_id = u.id) FROM uploads u WHERE id = $(answer .upload_job_id)")" \
	"202 $(sha256sum big.csv | cut -d ' ' -f 1) $(sha256sum big.csv | cut -d ' ' -f 1)" 'several pieces'

# --- what is refused, and leaves nothing behind

before=$(count)
refuse() { # STATUS ERRORS NAME: what `form` made
	SEND=form request POST /api/upload '' "$FORM"
	refused "$1" "$2" "$3"
}
form active=yes
refuse 400 'file is missing: the form has no such field' 'a form without a file'
form upload:a.csv
refuse 400 'upload is a file; the one to import belongs in the field file' 'a file in another field'
form file:a.csv file:b.csv
refuse 400 'file is given more than once' 'two files'
form file:a.csv color=red
refuse 400 'color is not a field here' 'a field that is none'
form file:a.csv active=perhaps
refuse 400 'active must be one of yes,no,random' 'a field of another kind'
form active=yes active=no file:a.csv
refuse 400 'active is given more than once' 'a field twice'
: >empty
FILE=empty form file:
refuse 422 '' 'no file chosen'
form file:a.csv
head -c "$(($(wc -c <form) - 4))" form >cut.form && mv cut.form form
refuse 400 '' 'a form without its final boundary'
SEND=big.csv request POST /api/upload '' CONTENT_TYPE=text/csv CONTENT_LENGTH=99999999
refused 400 '' 'a body that is cut off'
is "$(psqlq "SELECT status || ': ' || error_message FROM uploads ORDER BY id DESC LIMIT 1")" \
	"failed: the body ends after $(wc -c <big.csv) of 99999999 bytes" '... is shown as failed'
SEND=empty request POST /api/upload '' CONTENT_TYPE=text/csv
refused 422 '' 'an empty body'
SEND=file.csv request POST /api/upload '' CONTENT_TYPE=text/csv CONTENT_LENGTH=
refused 411 '' 'no length'
for type in '' application/json application/x-www-form-urlencoded multipart/mixed text/csvx; do
	SEND=file.csv request POST /api/upload '' CONTENT_TYPE="$type"
	refused 415 '' "the type '$type'"
done
SEND=file.csv request POST /api/upload '' CONTENT_TYPE=multipart/form-data
refused 400 '' 'a form without a boundary'
SEND=file.csv request POST /api/upload '' CONTENT_TYPE=text/csv UPLOAD_MAX_BYTES=16
refused 413 '' 'a file longer than a setting allows'
FILE=big.csv form file:a.csv
SEND=form request POST /api/upload '' "$FORM" UPLOAD_MAX_BYTES=$(($(wc -c <big.csv) - 1))
refused 413 '' '... in a form'
SEND=form request POST /api/upload '' "$FORM" UPLOAD_MAX_BYTES="$(wc -c <big.csv)"
is "$STATUS" 202 '... but not of that length'
TOKEN=$API_TOKENS_READ SEND=file.csv request POST /api/upload '' CONTENT_TYPE=text/csv
refused 403 '' 'a token that only reads'
SEND=file.csv request POST /api/upload '' CONTENT_TYPE=text/csv HTTP_HOST=a HTTP_ORIGIN=http://b
refused 403 '' 'a page of another site'
is "$(count)" $((before + 1)) 'none of these waits for an importer'

done_testing
