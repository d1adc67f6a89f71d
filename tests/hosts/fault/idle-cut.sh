# HAProxy in front of PostgreSQL ends what is idle for 2 s, and no request fails of it
# setup SETUP=haproxy RATE=1
# shellcheck shell=sh
note 'a request now and then, of the API too'
failed=0
for time in 1 2 3 4; do
	sleep 3
	for name in $HOSTS; do
		status=$(curl -sS -m 5 -o "$SCRATCH/answer" -w '%{http_code}' -H "Authorization: Bearer $API_TOKENS_READ" \
			"http://$(address "$name"):8080/api/orders")
		[ "$status" = 200 ] || { failed=$((failed + 1)) && note "$time: $name answered $status"; }
	done
done
is "$failed" 0 'the API answers each time'
is "$(awk '$3 !~ /^2/' "$SCRATCH/journal" | wc -l)" 0 '... and the intake'
