# A catalogue of N products as CSV, names with a comma and descriptions with quotes, about 140 bytes
# a row; WORD changes every name.
BEGIN {
	srand(11)
	if (!WORD) WORD = "Lamp"
	print "sku,name,description"
	for (i = 1; i <= N; i++)
		printf "SKU-%07d,\"%s %d, type %c\",\"%s number %d, \"\"tested\"\" and packed, with a text as long as shops like them, lot %d\"\n",
			i, WORD, i, 65 + i % 26, WORD, i, int(rand() * 1000000)
}
