#!/bin/sh
# The primary is killed while a shop sends orders, its standby takes over: what was acknowledged is there
# once, and orders are acknowledged again soon. A short run of the lab; the others are `make hosts`.

SEED=${SEED:-7} SECONDS_EACH=1 HOSTS=D HOSTS_LIMIT=100 exec sh "$(dirname "$0")/hosts.sh" kill-9
