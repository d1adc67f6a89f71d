# zsh.awk: completion for zsh, of the lines of table.
BEGIN { FS = "\t" }
$2 ~ /^fulfil-/ && !($2 in seen) { seen[$2] = 1; commands = commands " " $2 }
function quoted(s) { gsub(/'/, "'\\''", s); return "'" s "'" }
function colons(s) { gsub(/:/, "\\:", s); return s }
function entry(word, purpose) { return quoted(colons(word) (purpose == "" ? "" : ":" purpose)) }
$1 == "word" && $2 ~ /^fulfil [a-z]*$/ && !($2 in known) { known[$2] = 1; nouns = nouns (nouns == "" ? "" : "|") substr($2, 8) }
$1 == "word" && !(($2, $3) in seen) { seen[$2, $3] = 1; words[$2] = words[$2] " " entry($3, $4) }
$1 == "member" { members[$2] = members[$2] " " $3 "=" }
$1 == "option" {
	options[$2] = options[$2] " " entry($3, $6)
	if ($5 == "") next
	what = $5 ~ /[a-z],/ ? $5 : $5 == "FILE" ? "@file" : "@any"
	gsub(/,/, " ", what)
	values[$2 " " $3] = what
	if ($4 != "") values[$2 " " $4] = what
}
function cases(list, variable,   key) {
	print "\tcase $key in"
	for (key in list) print "\t(" quoted(key) ") " variable "=(" list[key] ") ;;" | "LC_ALL=C sort"
	close("LC_ALL=C sort")
	print "\tesac"
}
END {
	printf "#compdef fulfil"
	printf "%s", commands
	print "\n# Completion of fulfil and its commands for zsh. Made by make of their tables of options."
	print "_fulfil() {"
	print "\tlocal key=${words[1]:t} prev=${words[CURRENT-1]}"
	print "\tlocal -a choices options members value"
	print "\tif [[ $key == fulfil && $CURRENT -gt 2 ]]; then"
	print "\t\tcase $words[2] in"
	print "\t\t(" nouns ") key=\"fulfil $words[2]\"; (( CURRENT > 3 )) && key+=\" $words[3]\" ;;"
	print "\t\t(*) key=fulfil-$words[2] ;;"
	print "\t\tesac"
	print "\tfi"
	cases(words, "choices")
	cases(options, "options")
	cases(members, "members")
	print "\tif [[ $PREFIX == --*=* ]]; then prev=${PREFIX%%=*}; compset -P '--*='; fi"
	print "\tcase \"$key $prev\" in"
	for (key in values) print "\t(" quoted(key) ") value=(" values[key] ") ;;" | "LC_ALL=C sort"
	close("LC_ALL=C sort")
	print "\tesac"
	print "\tif [[ $value[1] == @file ]]; then _files"
	print "\telif [[ $value[1] == @any ]]; then _message value"
	print "\telif (( $#value )); then compadd -- $value"
	print "\telif [[ $PREFIX == -* ]]; then _describe -o option options"
	print "\telse"
	print "\t\t(( $#choices )) && _describe word choices"
	print "\t\t(( $#members )) && compadd -S '' -- $members"
	print "\tfi"
	print "}"
	print "_fulfil \"$@\""
}
