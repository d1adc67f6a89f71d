#!/bin/sh
# The manual as pages beside /docs, the format for lnav, and zsh's completion as a person uses it.
# shellcheck disable=SC2012,SC2016 # names of ours; text for zsh

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

pages=$BUILD/static
for page in "$TOP"/cmd/*.[1-8]; do
	name=${page##*/}
	html=$pages/man-${name%.*}-${name##*.}.html
	like "$(cat "$html" 2>/dev/null)" '<html lang="en">' "$name is a page"
	is "$(grep -Eo '<script|<style| style="| on[a-z]+="' "$html" | sort -u)" '' '... that the content security policy takes'
	is "$(grep -Eo 'href="/[^"]*"' "$html" | sed 's/href="\(.*\)"/\1/' | sort -u | while read -r link; do
		[ -s "$pages$link" ] || echo "$link"
	done)" '' '... with no link that leads nowhere'
done
like "$(cat "$pages/docs.html")" 'href="/man-fulfil-7.html"' '/docs leads there'
reached=man-fulfil-7.html
for _ in 1 2 3; do
	reached=$( (cd "$pages" && echo "$reached" | tr ' ' '\n' && echo "$reached" | tr ' ' '\n' | xargs grep -ho 'href="/man-[^"]*"' |
		sed 's/href="\/\(.*\)"/\1/') | sort -u | xargs)
done
is "$(echo "$reached" | wc -w)" "$(ls "$TOP"/cmd/*.[1-8] | wc -l)" '... and from there to every page'
services_start
web_start fastcgi
like "$(curl -sS -f -D - "$FULFIL_URL/man-fulfil-7.html" | tr -d '\r')" '^[Cc]ontent-[Tt]ype: text/html; charset=utf-8$' 'the web server has them'

is "$(jq -r '.fulfil_log | [."timestamp-field", ."level-field", ."body-field"] | join(" ")' "$TOP/share/lnav/fulfil.json")" 'time level msg' 'a format for lnav'
echo '{"time":"2026-11-28T04:00:00.123Z","level":"warn","program":"fulfil-work","pid":7,"msg":"hello"}' >log
is "$(jq -r '.fulfil_log.value | keys | join(" ")' "$TOP/share/lnav/fulfil.json")" "$(tail -n 1 log | jq -r 'keys | join(" ")')" '... names the fields'
if command -v lnav >/dev/null; then
	mkdir -p lnav/formats/fulfil && cp "$TOP/share/lnav/fulfil.json" lnav/formats/fulfil/
	like "$(timeout 30 lnav -n -I "$SCRATCH/lnav" log 2>&1)" 'fulfil-work +warn +hello' '... and lnav takes it'
fi

# zsh at a terminal, with compinit.
command -v zsh >/dev/null || done_testing
cat >keys <<'END'
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; cd $2
	dump() { print -r -- \"\$BUFFER|\" >>$2/typed; BUFFER= }; zle -N dump; bindkey '^G' dump; : >$2/ready"
until [[ -e $2/ready ]]; do sleep .1; done
for line in 'fulfil orders canc' 'fulfil orders list --statu' 'fulfil-recv --sho' 'fulfil tok'; do
	zpty -w -n z "$line"$'\t\C-G'
	for ((tries = 100; tries > 0; tries--)); do
		[[ -s $2/typed ]] && break
		sleep .1
	done
	cat $2/typed; rm -f $2/typed
done
zpty -d z
END
timeout 60 zsh -f keys "$BUILD/completion" "$SCRATCH" >said 2>&1
is "$(sed 's/ *|$//' said)" 'fulfil orders cancel
fulfil orders list --status
fulfil-recv --shop
fulfil token' 'zsh: a tab completes a verb, an option, that of a command, and a command'
done_testing
