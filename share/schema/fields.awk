# fields.awk: the fields of fulfil-record(5), a line each, for schema.jq: TYPE, FIELD, what JSON it is, the
# words that it may be, and what the page says, with tabs between. What JSON a field is stands in a comment
# below its name: string, integer, number, boolean, time, word, strings, array, object, null.
function plain(s) {
	gsub(/\\\(dq/, "\"", s)
	gsub(/\\&/, "", s)
	gsub(/\\e/, "\\", s)
	return s
}
function macro(s,   word, close_it) {
	if (s !~ /^\./) return plain(s)
	sub(/^\.[A-Z][a-z] /, "", s)
	if ($1 == ".Xr") { split(s, word, " "); return word[1] "(" word[2] ")" (word[3] == "" ? "" : word[3]) }
	gsub(/ (Cm|Li|Ar|Fl|Ql|Ev) /, " ", s)
	if ($1 == ".Pq") { close_it = ")"; if (match(s, / [,.;:]$/)) { close_it = ")" substr(s, RSTART + 1); s = substr(s, 1, RSTART - 1) } return "(" plain(s) close_it }
	if ($1 == ".Fl") s = "-" s
	return plain(s)
}
function flush(   i) {
	for (i = 1; i <= n; i++) {
		gsub(/ +/, " ", text)
		print type "\t" name[i] "\t" kind "\t" (kind ~ /word/ ? words : "") "\t" text
	}
	n = 0
}
/^\.Ss / { flush(); type = $2; about = ""; getline; print type "\t\t\t\t" macro($0); next }
!type { next }
/^\.It Li / { flush(); n = split(substr($0, 8), name, " , "); kind = words = text = ""; next }
/^\.(It|El|Bl|Ed|Bd|Sh|Pp|Dl)/ { flush(); if (/^\.Sh/) type = ""; next }
/^\.\\" / && n { kind = substr($0, 5); next }
n {
	if (/^\.Cm /) for (i = 2; i <= NF; i++) if ($i ~ /^[a-z_]+$/) words = words (words == "" ? "" : " ") $i
	text = text (text == "" ? "" : " ") macro($0)
}
END { flush() }
