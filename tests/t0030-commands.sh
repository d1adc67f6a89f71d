#!/bin/sh
# What every command has in common, without a server: help, version, usage errors, settings, and
# that its page says the same as its --help.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# bare COMMAND…: in an empty environment, away from any .env.
bare() {
	env -i PATH="$PATH" ${config:+FULFIL_CONFIG="$config"} timeout 20 "$@" </dev/null
}

# A file of settings takes the place of this machine's.
config=/dev/null

# operands COMMAND: what makes it use the database. rings: whether it uses Redis then.
operands() {
	case $1 in fulfil-enqueue) echo --due ;; fulfil-token) echo list ;; fulfil) echo orders list ;; esac
}
rings() {
	case $1 in fulfil-enqueue | fulfil-work | fulfil-stat) ;; *) return 1 ;; esac
}

# options_of TEXT: "-t, --topic TOPIC" and the like, without the explanations.
options_of() {
	printf '%s\n' "$1" |
		sed -n 's/^  *\(-[a-zA-Z], \)\{0,1\}\(--[a-z0-9-]*\)\( [^ ]\{1,\}\)\{0,1\}\(  .*\)\{0,1\}$/\1\2\3/p' | sort
}

page() { # COMMAND SECTION: its text
	mandoc -T ascii -O width=300 "$TOP/cmd/$1.1" | col -bx |
		awk -v section="$2" '/^[A-Z]/ { on = $0 == section; next } on && NF'
}

one_sentence() { # TEXT NAME
	is "$(printf '%s\n' "$1" | wc -l)" 1 "$2"
}

for source in "$TOP"/cgi-bin/*.c; do
	name=${source##*/}
	name=${name%.c}
	exit_is 0 "$name --help, by hand" -- env -i "$BUILD/cgi-bin/$name" --help
	one_sentence "$OUT" '... says in one line what it is'
	exit_is 64 "$name --bogus, by hand" -- env -i "$BUILD/cgi-bin/$name" --bogus
	one_sentence "$ERR" '... on stderr'
	is "$OUT" '' '... where no server takes it for an answer'
done

for source in "$TOP"/cmd/*.c; do
	name=${source##*/}
	name=${name%.c}
	# shellcheck disable=SC2046 # none, or one word
	set -- "$name" $(operands "$name")

	exit_is 0 "$name --help" -- bare "$name" --help
	like "$OUT" "^usage: $name( |\$)" '... starts with the usage'
	is "$ERR" '' '... on stdout'
	is "$(printf '%s\n' "$OUT" | awk 'length > 80')" '' '... in lines of 80 characters'
	help=$OUT
	exit_is 74 "... to a full disk" -- sh -c "exec env -i PATH='$PATH' $name --help >/dev/full"
	exit_is 0 "$name --version" -- bare "$name" --version
	like "$OUT" "^$name \\(fulfil\\) [0-9]+\\.[0-9]+\\.[0-9]+\$" '... names the program and its version'
	exit_is 64 "$name --bogus" -- bare "$name" --bogus
	is "$OUT" '' '... writes no record'
	one_sentence "$ERR" '... and one line'
	like "$ERR" "bogus.*$name --help" '... that says what is wrong and where to read'
	exit_is 64 "$name takes no abbreviation" -- bare "$name" --hel
	exit_is 64 "$name refuses an operand" -- bare "$name" /no/such/operand

	is "$(options_of "$(page "$name" DESCRIPTION)")" "$(options_of "$help")" "the page of $name has the options of --help"
	is "usage: $(page "$name" SYNOPSIS | sed 's/^ *//')" "$(printf '%s\n' "$help" | head -n 1)" '... and its usage'
	for section in DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
		ok "... and has $section" test -n "$(page "$name" "$section")"
	done

	exit_is 78 "$name without DATABASE_URL" -- bare "$@"
	one_sentence "$ERR" '... says one sentence'
	is "$(printf '%s\n' "$ERR" | jq -r '[.level, .program, .msg] | @tsv')" \
		"error	$name	DATABASE_URL is not set" '... that names it, as JSON where nobody sits'
	is "$(bare script -qec "$*" /dev/null | tr -d '\r' | grep -v '^{')" "$name: DATABASE_URL is not set" '... and as text on a terminal'
	exit_is 69 "$name and a database that is away" -- bare env DATABASE_URL=postgresql:///x?host=/nowhere REDIS_URL=unix:///nowhere "$@"
	one_sentence "$ERR" '... says one sentence'
	if rings "$name"; then
		exit_is 78 "$name and Redis over TLS" -- bare env DATABASE_URL=postgresql:///x?host=/nowhere REDIS_URL=rediss://x "$@"
		one_sentence "$ERR" '... says one sentence'
		like "$ERR" 'rediss:' '... that names it'
	fi
	exit_is 78 "$name and an unknown log level" -- bare env LOG_LEVEL=loud "$@"

	printf '# mine\nLOG_LEVEL=info\nLOW_STOCK_TRESHOLD=7\n' >mine.env
	config=$SCRATCH/mine.env
	exit_is 78 "$name and a misspelt setting" -- bare "$@"
	one_sentence "$ERR" '... says one sentence'
	like "$ERR" "mine\\.env:3: .*LOW_STOCK_TRESHOLD" '... that says where'
	config=/nowhere/fulfil.env
	exit_is 78 "$name and a file of settings that is not there" -- bare "$@"
	config=/dev/null
	echo 'LOG_LEVEL info' >.env
	exit_is 78 "$name reads .env here" -- bare "$@"
	like "$ERR" '\.env:1:' '... and says where it is wrong'
	rm .env
	exit_is 78 "$name and a placeholder for a secret" -- bare env SECRET_KEY=change-me-in-production "$@"
	like "$ERR" 'SECRET_KEY' '... which it names'
	unlike "$ERR" 'change-me-in' '... and does not show'
done
done_testing
