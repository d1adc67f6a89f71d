# shellcheck shell=sh
# shellcheck disable=SC2154 # of tap.sh
# debian/tests, by autopkgtest, in the root that it runs in.
root_new autopkgtest
tree_into "$ROOT/src/fulfil"
cp "$CHROOTS/fulfil-$SUITE.deb" "$ROOT/src/fulfil.deb"
exit_is 0 'autopkgtest' -- in_root sh -c 'apt-get update -q >/dev/null && apt-get install -q -y --no-install-recommends autopkgtest >/dev/null 2>&1 &&
	autopkgtest -q --ignore-restrictions=isolation-machine /src/fulfil.deb /src/fulfil/ -- null 2>&1 | tail -n 40'
like "$OUT" 'order +PASS' '... a signed order goes through'
[ "$tap_failed" = 0 ] || diag "$OUT"
