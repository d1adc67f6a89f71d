# the disk of the primary is full for ten seconds, and has room again
# setup DISK=320M AWAY=30
# shellcheck shell=sh
old=$(primary)
dd if=/dev/zero of="$SCRATCH/$old/full" bs=64k 2>/dev/null
note "the disk of $old is full: $(df -h "$SCRATCH/$old" | awk 'END { print $2, $4 }')"
# Until then what it has of its log and its files is enough.
sleep 10
rm "$SCRATCH/$old/full"
note "it has room again; $(grep -c 'No space left' "$SCRATCH/pg.$old.log") times PostgreSQL had none"
ok 'it had none' grep -q 'No space left' "$SCRATCH/pg.$old.log"
ok '... and a standby follows' wait_until 40 streaming "$(primary)"
