# Redis is killed, and comes back empty
# setup AWAY=2
# shellcheck shell=sh disable=SC2154 # redis_pid is of fulfil.sh
note 'Redis is killed'
kill -KILL "$redis_pid"
sleep 5
(exec redis-server "$SCRATCH/redis.conf") >>"$SCRATCH/redis.log" 2>&1 </dev/null &
LAB_PIDS="$LAB_PIDS $!"
