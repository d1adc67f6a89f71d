#!/bin/sh
# Completion for bash, zsh and fish, asked as these shells ask it.
# shellcheck disable=SC2016 # text for other shells
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

made=$BUILD/completion

# Each command, option and verb that there is, is in each of the three.
for file in fulfil.bash _fulfil fulfil.fish; do
	missing=
	for option in $(for c in recv import work; do "fulfil-$c" --help; done | grep -o ' --[a-z-]*' | sort -u); do
		grep -qE -e "$option|-l ${option#--}( |\$)" "$made/$file" || missing="$missing $option"
	done
	for word in $(fulfil help | awk '/^  [a-z]+ +[a-z]+  / { print $1, $2 }'); do
		grep -qw -e "$word" "$made/$file" || missing="$missing $word"
	done
	is "$missing" '' "$file has all"
done

# bash_says WORD…: what bash offers for the last word.
bash_says() {
	bash --norc -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_fulfil; printf "%s " "${COMPREPLY[@]}"' - "$made/fulfil.bash" "$@" 2>&1
}
# fish_says LINE: what fish offers at its end.
fish_says() { fish --no-config -c "source '$made/fulfil.fish'; complete -C '$1'" | cut -f 1 | sort | tr '\n' ' '; }

orders=$(sed -n 's/^	{"orders", "\([a-z]*\)".*/\1/p' "$TOP/lib/shell/verb.c" | awk '!seen[$0]++' | tr '\n' ' ')
orders=${orders% } # its verbs

check() { # SHELL: in each line what is typed, and what is offered
	while IFS='|' read -r line words; do
		# shellcheck disable=SC2086 # words; an empty last one after a blank
		case $1:$line in
		bash:*' ') is "$(bash_says $line '')" "$words " "bash: $line" ;;
		bash:*) is "$(bash_says $line)" "$words " "bash: $line" ;;
		fish:*) is "$(fish_says "$line")" "$(printf '%s\n' $words | sort | tr '\n' ' ')" "fish: $line" ;;
		esac
	done <<-END
		fulfil or|orders
		fulfil orders |$orders
		fulfil orders list --st|--status
		fulfil orders list --status c|completed cancelled
		fulfil stock set A-1 q|quantity=
		fulfil rec|recv
		fulfil to|token top
		fulfil recv --to|--topic
		fulfil-recv --to|--topic
		fulfil-stat h|health
		fulfil-stat -f n|ndjson
		fulfil-import --active r|random
	END
}
check bash
is "$(bash_says fulfil orders list --status = fai)" 'failed ' 'bash: --status=fai, which it takes apart'
touch bad.csv other
is "$(bash_says fulfil import --rejects ba)" 'bad.csv ' 'bash: a file where a file is due'
is "$(bash_says fulfil recv --topic '')" ' ' 'bash: nothing where any word may come'
if command -v fish >/dev/null; then check fish; fi
if command -v zsh >/dev/null; then
	ok 'zsh takes it' zsh -n "$made/_fulfil"
	ok 'fish takes it' sh -c "! command -v fish >/dev/null || fish -n '$made/fulfil.fish'"
	OUT=$(zsh -f -c 'typeset -a said; _describe() { said+=(${(P)@[-1]}); }; compadd() { said+=($@); }; _files() { said+=(@file); }
		_message() { :; }; compset() { return 0; }
		ask() { said=(); words=($@); CURRENT=$#; PREFIX=$@[-1]; source '"'$made/_fulfil'"'; print -r -- ${said%%:*}; }
		ask fulfil or; ask fulfil orders ""; ask fulfil orders list --status c; ask fulfil recv --to; ask fulfil-recv --to; ask fulfil import --rejects b; ask fulfil stock set A q' 2>&1)
	like "$OUT" 'enqueue .*orders' 'zsh: words after fulfil'
	like "$OUT" "^$orders\$" 'zsh: verbs'
	like "$OUT" '^-- pending processing completed failed cancelled$' 'zsh: values'
	is "$(printf '%s\n' "$OUT" | grep -c -- '^--topic --shop')" 2 'zsh: options, both ways'
	like "$OUT" '^@file$' 'zsh: files'
	like "$OUT" 'quantity=' 'zsh: members'
fi
done_testing
