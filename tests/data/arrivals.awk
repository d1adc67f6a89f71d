# Orders of arrival: reads the short lines of what happens to one order, with @ for its id, and
# writes to STEPS.1, STEPS.2 … what comes first, second … for order FIRST, FIRST+1 …, each of which
# has its events in another order. All orders of arrival if LIMIT allows, else LIMIT random ones.
# awk -v steps=FILE -v first=ID -v limit=N -v seed=N -f arrivals.awk

{ event[++n] = $0 }

function write_one(    i, line) {
	for (i = 1; i <= n; i++) {
		line = event[place[i]]
		gsub(/@/, id, line)
		print line >(steps "." i)
	}
	id++
}

function swap(i, j,    t) {
	t = place[i]
	place[i] = place[j]
	place[j] = t
}

# Every order of what stands from k on.
function permute(k,    i) {
	if (k >= n)
		write_one()
	for (i = k; k < n && i <= n; i++) {
		swap(k, i)
		permute(k + 1)
		swap(k, i)
	}
}

END {
	srand(seed)
	id = first
	all = 1
	for (i = 1; i <= n; i++) {
		place[i] = i
		all *= i
	}
	if (all <= limit)
		permute(1)
	else
		while (limit-- > 0) {
			for (i = n; i > 1; i--)
				swap(i, 1 + int(rand() * i))
			write_one()
		}
	print id - first
}
