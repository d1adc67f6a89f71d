#!/bin/sh
# The version is the same wherever it is said, and the package knows every place that make install has.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

version=$(cat "$TOP/VERSION")
like "$version" '^[0-9]+\.[0-9]+\.[0-9]+$' 'VERSION has one'
is "$(fulfil-stat --version | sed -n '1s/.* //p')" "$version" 'the programs say it'
is "$(sed -n '1s/^fulfil (\(.*\)) .*/\1/p' "$TOP/debian/changelog")" "$version" 'debian/changelog, too'
is "$(sed -n 's/^## \([0-9.]*\) .*/\1/p' "$TOP/CHANGELOG.md" | head -n 1)" "$version" 'and CHANGELOG.md'

for script in "$TOP"/debian/fulfil.* "$TOP/debian/tests/order" "$TOP/share/fulfil-setup" "$TOP/share/fulfil-check" "$TOP/share/fulfil-traces" "$TOP/share/deb"; do
	ok "${script##*/} is a script" sh -n "$script"
done
like "$(cat "$TOP/debian/rules")" 'install .*debian/fulfil.env .*/etc/fulfil/fulfil.env' 'the settings of the package stay the same'
ok 'fulfil-setup --help' "$TOP/share/fulfil-setup" --help
exit_is 64 '... wants no operand' -- "$TOP/share/fulfil-setup" x
for page in fulfil-setup.8 fulfil-check.1 fulfil-migrate.8; do
	ok "$page is a page" mandoc -T lint -W error "$TOP/cmd/$page"
done
done_testing
