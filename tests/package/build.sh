# shellcheck shell=sh
# make deb: the same bytes each time, and nothing for lintian to say. The package is kept in CHROOTS.
builder
rm -rf "$ROOT/src" "$ROOT/again"
tree_into "$ROOT/src/fulfil"
tree_into "$ROOT/again/another/place"
exit_is 0 "make deb on $SUITE" -- in_root sh -c 'cd /src/fulfil && make -s deb'
deb=$(printf '%s\n' "$OUT" | tr -d '\r' | grep '/fulfil_.*\.deb$' | head -n 1)
exit_is 0 'lintian has nothing to say' -- in_root sh -c 'lintian --allow-root --fail-on error,warning /src/fulfil/build/deb/*.changes 2>&1'
[ -z "$OUT" ] || diag "$OUT"
ok '... nor against its binaries' test -z "$(printf '%s' "$OUT" | grep '^[EW]:')"
exit_is 0 'make deb, in another directory, without its tests' -- in_root sh -c 'cd /again/another/place && DEB_BUILD_OPTIONS=nocheck make -s deb'
ok '... gives the same bytes' cmp "$ROOT$deb" "$ROOT/again/another/place/build/deb/${deb##*/}"
cp "$ROOT$deb" "$CHROOTS/fulfil-$SUITE.deb"
builder_end
