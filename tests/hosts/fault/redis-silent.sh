# Redis takes connections, and does not answer
# setup AWAY=5
# shellcheck shell=sh disable=SC2154 # redis_pid is of fulfil.sh
note 'Redis is stopped'
kill -STOP "$redis_pid"
sleep 8
kill -CONT "$redis_pid"
