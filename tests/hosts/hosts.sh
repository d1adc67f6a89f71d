# shellcheck shell=sh
# Hosts of the lab, each a network, a name and processes of its own on one bridge; sourced by hosts.sh.
#   lab_start             the bridge, with the address of what is here
#   lab_end               ends all hosts, and what is in $LAB_PIDS
#   host_on NAME          switches a host on: A is 10.77.0.1, B .2 … E .5
#   host_off NAME         as its plug does: it sends nothing more, and all of it is gone
#   host_cut NAME         its cable is pulled; the host itself does not end
#   host_join NAME        … and put in again
#   host_apart NAME…      these hosts see one another, and nobody else
#   host_is_on NAME       whether it is on and its cable in
#   on NAME COMMAND…      runs COMMAND there, as part of it
#   address NAME          prints its address
#   random FROM TO        prints a number that SEED decides
#   note TEXT             a line of what happened, with the time since the start

LAB_NET=10.77.0
LAB_HERE=$LAB_NET.254
LAB_PIDS=

address() {
	echo "$LAB_NET.$(printf %d "'$1" | awk '{ print $1 - 64 }')"
}

lab_start() {
	hostname lab 2>/dev/null
	ip link set lo up
	ip link add lab type bridge && ip address add "$LAB_HERE/24" dev lab && ip link set lab up &&
		ip link add apart type bridge && ip link set apart up || exit 71
	lab_started=$(now_ms)
	lab_drawn=0
}

lab_end() {
	for lab_name in A B C D E; do
		! host_pid "$lab_name" >/dev/null || host_off "$lab_name" 2>/dev/null
	done
	for lab_pid in $LAB_PIDS; do
		[ "$lab_pid" -le 1 ] || kill -KILL "$lab_pid" 2>/dev/null
	done
	wait
}

note() {
	printf '# %6d ms  %s\n' $(($(now_ms) - lab_started)) "$*"
}

random() {
	lab_drawn=$((lab_drawn + 1))
	awk -v seed="$SEED$lab_drawn" -v from="$1" -v to="$2" \
		'BEGIN { srand(seed); rand(); print from + int(rand() * (to - from + 1)) }'
}

# host_pid NAME: prints the process id, here, of its first process.
host_pid() {
	host_pid=$(cat "$SCRATCH/host.$1" 2>/dev/null)
	[ "${host_pid:-0}" -gt 1 ] && echo "$host_pid"
}

host_on() {
	# Its first process takes in what is orphaned, as init does. /proc is that of the lab.
	rm -f "$SCRATCH/host.$1"
	# shellcheck disable=SC2016
	(exec unshare --net --pid --uts --fork --kill-child=KILL perl -e '$SIG{CHLD} = "IGNORE"; $_ = readlink "/proc/self";
		open F, ">", "$ARGV[0].new" and print F "$_\n" and close F and rename "$ARGV[0].new", $ARGV[0]; sleep while 1' \
		"$SCRATCH/host.$1") >>"$SCRATCH/host.log" 2>&1 </dev/null &
	wait_until 10 host_pid "$1" || exit 71
	host_first=$(host_pid "$1")
	on "$1" hostname "$1"
	ip link add "to$1" type veth peer name eth0 netns "$host_first" && ip link set "to$1" master lab up &&
		on "$1" ip address add "$(address "$1")/24" dev eth0 && on "$1" ip link set eth0 up && on "$1" ip link set lo up ||
		exit 71
	: >"$SCRATCH/joined.$1"
}

host_off() {
	ip link set "to$1" down
	rm -f "$SCRATCH/joined.$1"
	host_was=$(host_pid "$1") || return
	kill -KILL "$host_was"
	rm -f "$SCRATCH/host.$1"
	ip link delete "to$1" 2>/dev/null
	wait_until 10 services_ended "$host_was"
}

host_cut() {
	rm -f "$SCRATCH/joined.$1"
	ip link set "to$1" down
}

host_join() {
	ip link set "to$1" master lab up
	: >"$SCRATCH/joined.$1"
}

host_apart() {
	for host_name; do
		rm -f "$SCRATCH/joined.$host_name"
		ip link set "to$host_name" master apart
	done
}

host_is_on() {
	[ -f "$SCRATCH/joined.$1" ]
}

on() {
	on_pid=$(host_pid "$1") || return
	shift
	nsenter --target "$on_pid" --net --pid --uts -- "$@"
}
