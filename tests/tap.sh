# shellcheck shell=sh
# TAP for shell tests: source this, call ok, is, like, run_ok and exit_is, end with done_testing.
# Each test runs in $SCRATCH, a directory of its own that is removed at exit; $TOP is the top of
# the tree. A test that fails shows what it saw.

TOP=$(cd "$(dirname "$0")/.." && pwd -P)
# ext4 is slow to make files where many were removed in the last minutes, as each test removes a cluster's:
# a directory whose parent has +T gets a place on the disk by its name. Other file systems need no such thing.
tap_parent=$(mktemp -d "${TMPDIR:-/tmp}/fulfil-test.XXXXXX") && chmod 711 "$tap_parent" || exit 71
chattr +T "$tap_parent" 2>/dev/null
SCRATCH=$tap_parent/${tap_parent##*.}
mkdir -m 700 "$SCRATCH" || exit 71
BUILD=${FULFIL_BUILD:-$TOP/build} # another one with SANITIZE
# A program that may not be traced waits for ever for its leaks to be looked for.
case ${BUILD##*/} in address*) export ASAN_OPTIONS="${ASAN_OPTIONS-detect_leaks=0}" ;; esac
PATH=$BUILD/cmd:$TOP/sql:$PATH
export TOP BUILD SCRATCH PATH
tap_count=0
tap_failed=0
tap_done=
tap_at_exit=

# at_exit COMMAND: runs COMMAND at exit, the last one given first.
at_exit() {
	tap_at_exit="$1
$tap_at_exit"
}

# A test that ends early has failed: prove misses its plan.
tap_exit() {
	tap_status=$?
	trap '' HUP INT TERM
	eval "$tap_at_exit"
	cd / && rm -rf "$tap_parent"
	[ -n "$tap_done" ] || echo "# ended early, with status $tap_status"
	exit "$tap_status"
}
trap tap_exit EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$SCRATCH" || exit 71
# diag TEXT…: prints TEXT as a comment.
diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# tap_result STATUS NAME: prints the line of one test; returns 1 when it failed.
tap_result() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $2"
		return 1
	fi
}

# ok NAME COMMAND…: COMMAND succeeds. run_ok is another name for it.
ok() {
	tap_name=$1
	shift
	exit_is 0 "$tap_name" -- "$@"
}
run_ok() { ok "$@"; }

# exit_is STATUS NAME -- COMMAND…: COMMAND exits with STATUS; leaves its output in $OUT and $ERR.
exit_is() {
	tap_want=$1
	tap_name=$2
	shift 3
	tap_got=0
	"$@" >"$SCRATCH/.out" 2>"$SCRATCH/.err" || tap_got=$?
	OUT=$(cat "$SCRATCH/.out")
	ERR=$(cat "$SCRATCH/.err")
	tap_result "$((tap_got != tap_want))" "$tap_name" && return
	diag "status $tap_got, not $tap_want, of: $*"
	[ -z "$OUT" ] || diag "stdout: $OUT"
	[ -z "$ERR" ] || diag "stderr: $ERR"
	return 0
}

# is ACTUAL EXPECTED NAME: the same text.
is() {
	[ "$1" = "$2" ]
	tap_result $? "$3" && return
	diag "     got: $1"
	diag "expected: $2"
}

# like ACTUAL REGEX NAME: some line of ACTUAL matches the extended REGEX. unlike: none does.
like() {
	printf '%s\n' "$1" | grep -Eq -e "$2"
	tap_result $? "$3" && return
	diag "got: $1"
	diag "not matched by: $2"
}
unlike() {
	! printf '%s\n' "$1" | grep -Eq -e "$2"
	tap_result $? "$3" && return
	diag "got: $1"
	diag "matched by: $2"
}

# wait_until SECONDS COMMAND…: tries COMMAND until it succeeds, at most SECONDS.
wait_until() {
	tap_tries=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $((tap_tries -= 1)) -gt 0 ] || return 1
		sleep 0.05
	done
}

# skip_all WHY: ends a test that cannot run here.
skip_all() {
	echo "1..0 # SKIP $1"
	tap_done=1
	exit 0
}

# done_testing: prints the plan and ends the test.
done_testing() {
	echo "1..$tap_count"
	tap_done=1
	exit $((tap_failed > 0))
}
