# shellcheck shell=sh
# piuparts: installs, upgrades and purges it in a root of its own, and looks for what is left or changed.
builder
cp "$CHROOTS/$SUITE.tar" "$ROOT/base.tar"
cp "$CHROOTS/fulfil-$SUITE.deb" "$ROOT/fulfil.deb"
exit_is 0 'piuparts' -- in_root sh -c "gzip -1 -c /base.tar >/base.tar.gz &&
	piuparts -b /base.tar.gz -d $SUITE --no-eatmydata --warn-on-debsums-errors -l /piuparts.log /fulfil.deb >/dev/null 2>&1 ||
	{ status=\$?; grep -E 'ERROR|FAIL|owned by|^  /' /piuparts.log | head -n 20; exit \$status; }"
like "$(tail -n 5 "$ROOT/piuparts.log")" 'PASS: All tests' '... passes all'
diag "$(grep -c . "$ROOT/piuparts.log") lines of it; warnings: $(grep -c WARN "$ROOT/piuparts.log")"
rm -f "$ROOT/base.tar" "$ROOT/base.tar.gz" "$ROOT/fulfil.deb" "$ROOT/piuparts.log"
builder_end
