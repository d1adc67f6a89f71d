# shellcheck shell=sh
# What tests take from npm, in the versions of npm/package-lock.json: source it after tap.sh.
#   npm_modules   installs it into $BUILD/npm, unless it is there, and exports NODE_PATH; without node
#                 or npm the test is skipped, and where the installation fails the test fails

npm_modules() {
	command -v node >/dev/null || skip_all 'node is not installed'
	command -v npm >/dev/null || skip_all 'npm is not installed'
	export NODE_PATH="$BUILD/npm/node_modules"
	mkdir -p "$BUILD/npm" || exit 71
	# Tests run side by side; the first one installs.
	# shellcheck disable=SC2016 # for that shell
	flock "$BUILD/npm/lock" sh -c '
		cd "$TOP/tests/npm" || exit
		cmp -s package-lock.json "$BUILD/npm/installed" && exit
		rm -f "$BUILD/npm/installed"
		cp package.json package-lock.json "$BUILD/npm" && cd "$BUILD/npm" &&
			timeout 300 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null &&
			cp package-lock.json installed
	' >"$SCRATCH/npm.log" 2>&1 && return
	diag "npm ci failed: $(cat "$SCRATCH/npm.log")"
	exit 69
}
