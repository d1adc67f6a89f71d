# Makes cgi-bin/static/guesses.js of lib/catalogue/guess.c: see `make guesses`.
BEGIN {
	print "// SPDX-License-Identifier: MIT"
	print "// Made by cgi-bin/guesses.awk of lib/catalogue/guess.c; do not edit."
	print ""
	print "export const LISTS = ["
}
/^\t\{PRODUCT_/ {
	on = 1
	column = tolower($1)
	gsub(/[{,]|product_/, "", column)
	printf "  { column: '%s',\n    sure: ", column
	next
}
on && /^\t ?"/ {
	text = $0
	gsub(/^[^"]*"|"[^"]*$/, "", text)
	printf "%s'%s'", (more ? "\n      + " : ""), text
	more = 1
	if (/",$/) {
		printf ",\n    weak: "
		more = 0
	} else if (/"\},$/) {
		print " },"
		on = more = 0
	}
}
/^static const char \*const units/ { print "];"; units = 1; printf "export const UNITS = [" ; next }
units && /^};/ { print "];"; units = 0 }
units {
	gsub(/\t|,$/, "")
	gsub(/"/, "'")
	printf "%s%s", (listed ? ",\n  " : "\n  "), $0
	listed = 1
}
