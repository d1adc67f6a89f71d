# fish.awk: completion for fish, of the lines of table.
BEGIN {
	FS = "\t"
	print "# Completion of fulfil and its commands for fish. Made by make of their tables of options."
	print "function __fulfil_at --description 'whether these words follow fulfil, and perhaps more'"
	print "    set -l said (commandline -opc)"
	print "    set -e said[1]"
	print "    set -l n (count $argv)"
	print "    test $n -eq 0; and return"
	print "    test (count $said) -ge $n; and test \"$said[1..$n]\" = \"$argv\""
	print "end"
	print "function __fulfil_next --description 'whether just these words follow fulfil'"
	print "    set -l said (commandline -opc)"
	print "    test (count $said) -eq (math (count $argv) + 1); and __fulfil_at $argv"
	print "end"
}
function quoted(s) { gsub(/\\/, "\\\\", s); gsub(/'/, "\\'", s); return "'" s "'" }
function once(name) { if (!(name in begun)) { begun[name] = 1; print "complete -c " name " -f" } }
# put NAME CONDITION WHAT
function put(name, condition, what) { print "complete -c " name (condition == "" ? "" : " -n " quoted(condition)) " " what }
# both COMMAND WHAT: for fulfil-recv, and fulfil recv; for fulfil orders list
function both(command, what) {
	if (command ~ /^fulfil-/) {
		once(command)
		put(command, "", what)
		put("fulfil", "__fulfil_at " substr(command, 8), what)
	} else {
		put("fulfil", (command == "fulfil" ? "__fulfil_next" : "__fulfil_at" substr(command, 7)), what)
	}
}
BEGIN { once("fulfil") }
$1 == "word" && !(($2, $3) in seen) {
	seen[$2, $3] = 1
	what = "-a " $3 ($4 == "" ? "" : " -d " quoted($4))
	if ($2 ~ /^fulfil-/) both($2, what)
	else put("fulfil", "__fulfil_next" substr($2, 7), what)
}
$1 == "member" { both($2, "-a " $3 "=") }
$1 == "option" {
	what = "-l " substr($3, 3) ($4 == "" ? "" : " -s " substr($4, 2, 1))
	if ($5 ~ /[a-z],/) { choices = $5; gsub(/,/, " ", choices); what = what " -x -a " quoted(choices) }
	else if ($5 == "FILE") what = what " -r -F"
	else if ($5 != "") what = what " -x"
	both($2, what ($6 == "" ? "" : " -d " quoted($6)))
}
