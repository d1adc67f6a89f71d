# shellcheck shell=sh
# shellcheck disable=SC2154 # of tap.sh
# Roots of a Debian: made once by debootstrap, copied for each use, booted by systemd-nspawn.
# roots_start first. root_new NAME makes a copy at $ROOT; root_boot boots it; in_root COMMAND… runs there,
# booted or not; root_end stops it and takes it away. Each is bounded in time.

ROOT=
root_pid=
root_leader=

roots_start() {
	[ "$(id -u)" -eq 0 ] || skip_all 'a root of another Debian takes root'
	for tool in debootstrap systemd-nspawn; do
		command -v $tool >/dev/null || skip_all "there is no $tool: apt install debootstrap systemd-container"
	done
	mkdir -p "$CHROOTS/archives-$SUITE/partial"
	exec 8>"$CHROOTS/lock-$SUITE"
	flock -n 8 || skip_all "another run works in $CHROOTS on $SUITE"
	if [ ! -s "$CHROOTS/$SUITE.tar" ]; then
		diag "makes a bare $SUITE by debootstrap"
		if ! timeout 900 debootstrap --variant=minbase --include=ca-certificates,systemd,systemd-sysv,dbus \
			"$SUITE" "$CHROOTS/new-$SUITE" >"$CHROOTS/log-$SUITE" 2>&1; then
			tail -n 5 "$CHROOTS/log-$SUITE" | sed 's/^/# /'
			rm -rf --one-file-system "$CHROOTS/new-$SUITE"
			skip_all "debootstrap cannot make a $SUITE here"
		fi
		rm -f "$CHROOTS/new-$SUITE"/var/cache/apt/archives/*.deb
		echo force-unsafe-io >"$CHROOTS/new-$SUITE/etc/dpkg/dpkg.cfg.d/fast"
		# What is fetched once is kept for the next root.
		echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' >"$CHROOTS/new-$SUITE/etc/apt/apt.conf.d/01keep"
		tar -C "$CHROOTS/new-$SUITE" -cf "$CHROOTS/$SUITE.tar.new" . && mv "$CHROOTS/$SUITE.tar.new" "$CHROOTS/$SUITE.tar"
		rm -rf --one-file-system "$CHROOTS/new-$SUITE"
	fi
	root_new probe
	in_root true || skip_all 'systemd-nspawn may not run here'
	in_root apt-get update -q >/dev/null 2>&1 || skip_all 'no Debian mirror answers'
	root_end
	at_exit root_end
}

# root_new NAME: a bare root at $ROOT.
root_new() {
	root_end
	ROOT=$CHROOTS/run-$SUITE-$1
	rm -rf --one-file-system "$ROOT"
	mkdir "$ROOT"
	tar -C "$ROOT" -xpf "$CHROOTS/$SUITE.tar"
}

nspawn() { # OPTION… [-- COMMAND…]
	SYSTEMD_NSPAWN_TMPFS_TMP=0 systemd-nspawn -q -D "$ROOT" --register=no --keep-unit --as-pid2 \
		--bind="$CHROOTS/archives-$SUITE:/var/cache/apt/archives" "$@"
}

# in_root COMMAND…: as root, in a clean environment, for at most 15 minutes.
in_root() {
	if [ -n "$root_leader" ]; then
		timeout -k 5 900 nsenter -t "$root_leader" -m -u -i -n -p -r -w -- env -i LC_ALL=C.UTF-8 HOME=/root \
			DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" </dev/null
	else
		nspawn --console=pipe --setenv=DEBIAN_FRONTEND=noninteractive --setenv=LC_ALL=C.UTF-8 \
			-- timeout -k 5 900 "$@" </dev/null 2>"$ROOT.said"
		root_status=$?
		grep -v "^Attempted to remove disk" "$ROOT.said" >&2
		return $root_status
	fi
}

# root_boot: its systemd, with a network of its own that leads nowhere.
root_boot() {
	nspawn_boot
	wait_until 60 root_is_up || { diag "$SUITE does not boot" && tail -n 20 "$ROOT.console" | sed 's/^/# /'; return 1; }
}
nspawn_boot() {
	timeout -s KILL 1800 systemd-nspawn -q -D "$ROOT" --register=no --keep-unit --private-network --boot --console=read-only \
		--bind="$CHROOTS/archives-$SUITE:/var/cache/apt/archives" </dev/null >"$ROOT.console" 2>&1 8>&- &
	root_pid=$!
}
root_is_up() {
	root_leader=$(pgrep -P "$(pgrep -P "$root_pid" | head -n 1)" | head -n 1)
	[ -n "$root_leader" ] && in_root systemctl is-system-running | grep -Eq 'running|degraded'
}

# root_halt: as at the end of a day.
root_halt() {
	[ -n "$root_pid" ] || return 0
	[ -z "$root_leader" ] || in_root systemctl poweroff >/dev/null 2>&1
	root_leader=
	wait_until 60 root_is_down || kill -KILL "$(pgrep -P "$root_pid" | head -n 1)" "$root_pid"
	wait "$root_pid" 2>/dev/null
	root_pid=
}
root_is_down() {
	[ "$root_pid" -gt 1 ] && ! kill -0 "$root_pid" 2>/dev/null
}

root_end() {
	[ -n "$ROOT" ] || return 0
	root_halt
	case $ROOT in */builder-*) ;; *) rm -rf --one-file-system "$ROOT" ;; esac
	rm -rf --one-file-system "$ROOT.console" "$ROOT.said"
	ROOT=
}

# tree_into DIRECTORY [COMMIT]: the files of this tree, or of an earlier one.
tree_into() {
	mkdir -p "$1"
	if [ -n "${2-}" ]; then
		git -C "$TOP" archive "$2" | tar -xf - -C "$1"
	elif git -C "$TOP" rev-parse --git-dir >/dev/null 2>&1; then
		git -C "$TOP" ls-files -z | tar -C "$TOP" -cf - --null -T - | tar -xf - -C "$1"
	else
		tar -C "$TOP" -cf - --exclude=./build --exclude=./var . | tar -xf - -C "$1"
	fi
}

# builder: $ROOT is one that can build the package and judge it; it is kept, and brought up to date when
# what building takes is another.
builder() {
	root_end
	ROOT=$CHROOTS/builder-$SUITE
	cmp -s "$TOP/debian/control" "$ROOT/ready" && return
	if [ ! -e "$ROOT/ready" ]; then
		diag "makes a $SUITE that builds"
		rm -rf --one-file-system "$ROOT"
		mkdir "$ROOT"
		tar -C "$ROOT" -xpf "$CHROOTS/$SUITE.tar"
	fi
	rm -rf "$ROOT/src"
	tree_into "$ROOT/src/fulfil"
	exit_is 0 'what building takes is installed' -- in_root sh -c "apt-get update -q && cd /src/fulfil &&
		apt-get install -q -y --no-install-recommends build-essential lintian piuparts debootstrap autopkgtest &&
		apt-get build-dep -q -y --no-install-recommends ./"
	[ "$tap_got" -ne 0 ] || cp "$TOP/debian/control" "$ROOT/ready"
}
# builder_end: leaves it.
builder_end() {
	rm -rf --one-file-system "$ROOT/src" "$ROOT/again" "$ROOT.said"
	ROOT=
}
