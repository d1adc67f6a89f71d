#!/bin/sh
# make install: everything is there and works from there, under PREFIX and DESTDIR, and make
# uninstall takes it away again.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL
root=$SCRATCH/root
run_ok 'make install' make -s -C "$TOP" install DESTDIR="$root" PREFIX=/opt/fulfil
here=$root/opt/fulfil
is "$(find "$root" -maxdepth 2 -mindepth 2)" "$here" '... writes nothing outside of PREFIX'
for source in "$TOP"/cmd/*.c; do
	name=${source##*/}
	ok "${name%.c} is there" test -x "$here/bin/${name%.c}"
done
for page in "$TOP"/cmd/*.[1-8]; do
	name=${page##*/}
	ok "$name is there" cmp "$page" "$here/share/man/man${name##*.}/$name"
done
for source in "$TOP"/cgi-bin/*.c; do
	name=${source##*/}
	ok "${name%.c} is there" test -x "$here/libexec/fulfil/${name%.c}"
	ok "... and the bridge to it" test -x "$here/libexec/fulfil/bridge/${name%.c}"
done
for name in lighttpd.conf lighttpd-cgi.conf nginx.conf apache.conf crontab sql/migrate \
	prometheus/fulfil.rules.yml grafana/fulfil.json schema/record.json; do
	ok "$name is there" test -s "$here/share/fulfil/$name"
done

for name in bash-completion/completions/fulfil bash-completion/completions/fulfil-recv zsh/site-functions/_fulfil \
	fish/vendor_completions.d/fulfil.fish fish/vendor_completions.d/fulfil-recv.fish; do
	ok "$name is there" test -s "$here/share/$name"
done

for source in "$TOP"/cgi-bin/static/*; do
	name=${source##*/}
	case $name in
	index.html | sign-in.html) # they name the directory of what they load
		sed -E 's#"/[0-9a-f]{12}/#"/#' "$here/share/fulfil/static/$name" >page
		ok "$name is there" cmp "$source" page
		;;
	*) ok "$name is there" cmp "$source" "$here/share/fulfil/static/$name" ;;
	esac
done
loaded=$(echo "$here"/share/fulfil/static/*/)
is "$(cd "$loaded" && ls)" "$(cd "$TOP/cgi-bin/static" && { ls ./*.js ./*.css ./*.svg; echo ./chart.js; } | sed 's#./##' | sort)" \
	'what the pages load is in a directory of its own'

PATH=$here/bin:$here/share/fulfil/sql:$PATH
services_start
run_ok 'the installed migrate takes all back' "$here/share/fulfil/sql/migrate" down 99
run_ok '... and makes it' "$here/share/fulfil/sql/migrate" up
exit_is 0 'the installed commands work' -- sh -c \
	"echo '{\"id\":1,\"line_items\":[]}' | '$here/bin/fulfil-recv' | '$here/bin/fulfil-work' -"
like "$OUT" '"status":"completed"' '... together'
if command -v man >/dev/null; then
	is "$(MANPATH=$here/share/man man -w fulfil-recv)" "$here/share/man/man1/fulfil-recv.1" 'man finds the pages'
fi

# Nothing that is installed names another place than its own.
is "$(grep -rl /usr/local/ "$here/share/fulfil" "$here/lib" "$here/share/doc")" '' 'what is installed names its own place'

run_ok 'make uninstall' make -s -C "$TOP" uninstall DESTDIR="$root" PREFIX=/opt/fulfil
is "$(find "$root" ! -type d)" '' '... leaves no file'
done_testing
