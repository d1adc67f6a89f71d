# the pooler is killed, and started again two seconds later
# setup SETUP=${SETUP:-transaction}
# shellcheck shell=sh
note 'the pooler is killed'
pooler_off
sleep 2
pooler_on
note '... and is there again'
