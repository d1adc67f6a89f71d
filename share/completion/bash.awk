# bash.awk: completion for bash, of the lines of table. Works with and without the package bash-completion.
BEGIN { FS = "\t" }
$2 ~ /^fulfil-/ && !($2 in seen) { seen[$2] = 1; commands = commands " " $2 }
function add(list, key, word) { if (index(" " list[key] " ", " " word " ") == 0) list[key] = list[key] (list[key] == "" ? "" : " ") word }
$1 == "word" { add(words, $2, $3) }
$1 == "member" { add(words, $2, $3 "=") }
$1 == "option" {
	add(options, $2, $3)
	if ($5 == "") next
	what = $5 ~ /[a-z],/ ? $5 : $5 == "FILE" ? "@file" : "@any"
	gsub(/,/, " ", what)
	values[$2 " " $3] = what
	if ($4 != "") values[$2 " " $4] = what
}
function cases(list, variable,   key) {
	print "\tcase $key in"
	for (key in list) print "\t\"" key "\") " variable "=\"" list[key] "\" ;;" | "LC_ALL=C sort"
	close("LC_ALL=C sort")
	print "\tesac"
}
END {
	print "# Completion of fulfil and its commands for bash. Made by make of their tables of options."
	print "_fulfil() {"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev= key=${COMP_WORDS[0]##*/} words= options= value= i"
	print "\t((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}"
	print "\t# bash takes --status=failed apart at the sign"
	print "\tif [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi"
	print "\tif [[ $key == fulfil && $COMP_CWORD -gt 1 ]]; then"
	print "\t\tkey=\"fulfil ${COMP_WORDS[1]}\""
	print "\t\tcase $key in"
	for (key in words) if (key ~ /^fulfil [a-z]*$/) print "\t\t\"" key "\") ((COMP_CWORD > 2)) && key+=\" ${COMP_WORDS[2]}\" ;;" | "LC_ALL=C sort"
	close("LC_ALL=C sort")
	print "\t\t*) key=fulfil-${COMP_WORDS[1]} ;;"
	print "\t\tesac"
	print "\tfi"
	cases(words, "words")
	cases(options, "options")
	print "\tcase \"$key $prev\" in"
	for (key in values) print "\t\"" key "\") value=\"" values[key] "\" ;;" | "LC_ALL=C sort"
	close("LC_ALL=C sort")
	print "\tesac"
	print "\tCOMPREPLY=()"
	print "\tcase $value in"
	print "\t@file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;"
	print "\t@any) ;;"
	print "\t?*) mapfile -t COMPREPLY < <(compgen -W \"$value\" -- \"$cur\") ;;"
	print "\t*)"
	print "\t\t[[ $cur != -* ]] || words=$options"
	print "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")"
	print "\t\t[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null"
	print "\t\t;;"
	print "\tesac"
	print "}"
	printf "complete -F _fulfil fulfil"
	printf "%s", commands
	print ""
}
