#!/bin/sh
# The package on a bare Debian: tests/package.sh SUITE [PART…], all parts by default:
#   build install upgrade piuparts autopkgtest source
# SUITE is bookworm or trixie. Its roots are made by debootstrap, and booted by systemd-nspawn with a
# systemd, processes and a network of their own. CHROOTS (build/chroots) keeps what is worth keeping:
# a bare root, one that builds, and Debian's packages. Takes root, some minutes and 3 GB there.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
SUITE=${1-}
case $SUITE in
bookworm | trixie) shift ;;
*) echo 'usage: tests/package.sh bookworm|trixie [PART…]' >&2 && tap_done=1 && exit 64 ;;
esac
CHROOTS=${CHROOTS:-$TOP/build/chroots}
# shellcheck source=tests/package/root.sh
. "$TOP/tests/package/root.sh"
roots_start

for part in "${@:-build install upgrade piuparts autopkgtest source}"; do
	for name in $part; do
		diag "$name, $(date +%T)"
		# shellcheck source=/dev/null
		. "$TOP/tests/package/$name.sh"
		root_end
	done
done
done_testing
