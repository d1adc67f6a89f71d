#!/bin/sh
# The examples of the pages can be copied: what a reader sees is what is meant, a shell can read the
# commands, and jq the records.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# meant: the lines of .Dl on stdin without roff's escapes.
meant() {
	sed -n 's/^\.Dl //p' | sed 's/\\(aq/'"'"'/g; s/\\(dq/"/g; s/\\\*(Lt/</g; s/\\\*(Gt/>/g; s/\\e/\\/g; s/\\&//g; s/\\-/-/g'
}
# seen PAGE: as a terminal shows it, in lines as long as they are.
seen() {
	mandoc -T utf8 -O width=400 "$1" | col -bx | sed 's/^ *//'
}
printf '.Dd Nov 1, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd x\n.Sh EXAMPLES\n.Dl a || [ $? = 1 ] && b\n' >lone.1
ok 'a lone bracket would be seen' sh -c '! mandoc -T utf8 lone.1 | grep -qF "[ \$? = 1 ]"'

for page in "$TOP"/cmd/*.[1-8]; do
	name=${page##*/}
	seen "$page" >shown
	meant <"$page" | grep -vxFf shown >wrong || :
	is "$(cat wrong)" '' "$name shows its lines as they are meant"
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$page" | meant >examples
	while read -r line; do
		printf '%s\n' "$line" | sed 's/\.\.\.//' >example
		is "$(sh -n example 2>&1)" '' "$name: $line"
	done <examples
done
sed -n '/^EXAMPLES/,/^SEE/p' <<END >records
$(mandoc -T utf8 "$TOP/cmd/fulfil-record.5" | col -bx)
END
sed -n '/^ *{/,/} *$/p' records >objects
is "$(jq -r .type objects | tr '\n' ' ')" 'order result ' 'the records of fulfil-record(5) are JSON'
is "$(jq -r 'select(.type == "result").error' objects)" 'insufficient stock of "MUG-BLU": wants 2, has 1' '... quotes and all'

# Each command's --help has an example; a shell can read it.
for source in "$TOP"/cmd/*.c; do
	name=${source##*/}
	"${name%.c}" --help | sed -n '/^example:/{n;s/^  //p}' >example
	is "$(sh -n example 2>&1)" '' "${name%.c} --help: $(cat example)"
done
done_testing
