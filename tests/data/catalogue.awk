# SPDX-License-Identifier: MIT
# Random files of products, and what is to come of each: awk -v seed=N -v files=N -f catalogue.awk
# For file K it writes into the working directory
#   K.csv     the file, with \002 where a NUL is meant
#   K.want    its counts [read, created, updated, unchanged, superseded, rejected], then a line and
#             a code for each reject
#   K.table   the products after it: [sku, name, description, price, active] each
#   K.mended.want, K.mended.table    the same after its rejects, with each fault mended as
#             t0254 does it, have been imported as well
# The model knows one rule: of the good rows of a product the last one wins. It is run with new
# products active unless their row says something else.

function pick(n) { return int(rand() * n) }
function chance(p) { return rand() < p }
function mixed(s,    i, out) {
	for (i = 1; i <= length(s); i++)
		out = out (chance(.5) ? toupper(substr(s, i, 1)) : substr(s, i, 1))
	return out
}
function padded(s) { return chance(.1) ? " " s "\t" : s }
function csv(s) {
	if (chance(.8) && (s !~ /[",\r\n]/ || s ~ /^[0-9A-Za-z][^,\r\n]*$/)) return s
	gsub(/"/, "\"\"", s)
	return "\"" s "\""
}

# Draws a row into v[]: at times one as it is in the table already.
function draw(    k) {
	v["sku"] = mixed("item-" pick(pool))
	k = tolower(v["sku"])
	if (chance(.5) && k in sku) {
		v["sku"] = sku[k]; v["name"] = name[k]; v["description"] = description[k]
		v["price"] = price[k]; v["active"] = active[k] == "t" ? "yes" : "no"
		return
	}
	v["name"] = names[1 + pick(nnames)] pick(3)
	v["description"] = descriptions[1 + pick(ndescriptions)]
	v["price"] = prices[1 + pick(nprices)]
	v["active"] = actives[1 + pick(nactives)]
}

# Adds v[] to the rows n of the list ("good" or "bad") that the model takes.
function note(list, n,    c) {
	for (c in v) row[list, n, c] = v[c]
	c = tolower(v["active"])
	row[list, n, "active"] = c == "" || !("active" in has) ? "" : c ~ /^(yes|true|1|active)$/ ? "t" : "f"
}

function another_price(a, b) { return a == "" || b == "" ? a != b : a + 0 != b + 0 }
function differs(k, list, i) {
	return sku[k] != row[list, i, "sku"] || name[k] != row[list, i, "name"] ||
		("description" in has) && description[k] != row[list, i, "description"] ||
		("price" in has) && another_price(price[k], row[list, i, "price"]) ||
		row[list, i, "active"] != "" && active[k] != row[list, i, "active"]
}
function take(k, list, i, fresh) {
	sku[k] = row[list, i, "sku"]
	name[k] = row[list, i, "name"]
	if (fresh || "description" in has) description[k] = "description" in has ? row[list, i, "description"] : ""
	if (fresh || "price" in has) price[k] = "price" in has ? row[list, i, "price"] : ""
	if (fresh || row[list, i, "active"] != "") active[k] = row[list, i, "active"] == "f" ? "f" : "t"
}

function json(s) {
	if (s == "") return "null"
	gsub(/\\/, "&&", s); gsub(/"/, "\\\\&", s); gsub(/\n/, "\\n", s); gsub(/\r/, "\\r", s); gsub(/\t/, "\\t", s)
	return "\"" s "\""
}

# Imports the list into the model, and writes what is to be seen.
function apply(list, n, rejected, file,    i, k, last, count) {
	for (i = 1; i <= n; i++) last[tolower(row[list, i, "sku"])] = i
	for (i = 1; i <= n; i++) {
		k = tolower(row[list, i, "sku"])
		if (last[k] != i) { count["superseded"]++; continue }
		if (!(k in sku)) { count["created"]++; take(k, list, i, 1) }
		else if (differs(k, list, i)) { count["updated"]++; take(k, list, i, 0) }
		else count["unchanged"]++
	}
	printf "[%d,%d,%d,%d,%d,%d]\n", n + rejected, count["created"], count["updated"],
		count["unchanged"], count["superseded"], rejected > (file ".want")
	for (i = 1; i <= rejected; i++) print codes[i] > (file ".want")
	close(file ".want")
	printf "" > (file ".table")
	for (k in sku)
		print "[" json(sku[k]) ", " json(name[k]) ", " json(description[k]) ", " json(price[k]) ", " \
			(active[k] == "t" ? "true" : "false") "]" > (file ".table")
	close(file ".table")
}

function put(file, text) {
	printf "%s%s", text, eol > file
	line += 1 + gsub(/\n/, "", text)
}
function text_of(sku_text, name_text,    i, text) {
	text = sku_text "," name_text
	for (i = 1; i <= ncolumns; i++) text = text "," csv(v[columns[i]])
	return text
}

# The text of v[] with one fault, and v[] as it is once that is mended.
function spoilt(code,    sku_text, name_text, text) {
	sku_text = v["sku"]
	name_text = csv(v["name"])
	if (code == "missing_sku") { sku_text = ""; v["sku"] = "MEND-" line }
	if (code == "bad_sku") { sku_text = "odd\003" line; v["sku"] = "odd-" line }
	if (code == "sku_too_long") { sku_text = "long" ys line; v["sku"] = "longy" line }
	if (code in faulty) { name_text = faulty[code]; v["name"] = right[code] }
	if (code == "bad_quote") v["description"] = ""
	if (code == "bad_price") v["price"] = "twelve"
	if (code == "bad_active") v["active"] = "perhaps"
	text = text_of(sku_text, name_text)
	if (code == "bad_price") v["price"] = "12"
	if (code == "bad_active") v["active"] = "yes"
	if (code == "too_many_fields") return text ",surplus"
	if (code != "too_few_fields" && code != "unterminated_quote") return text
	v["description"] = v["price"] = v["active"] = ""
	return code == "too_few_fields" ? sku_text : sku_text "," name_text
}
function reject(file, code) {
	codes[++bad] = line " " code
	put(file, spoilt(code))
	note("bad", bad)
}

# Writes the header of a file with some of the optional columns.
function head(file,    i, n) {
	line = 1
	eol = chance(.5) ? "\n" : "\r\n"
	split("", has)
	ncolumns = 0
	n = pick(3)
	for (i = 0; i < 3; i++)
		if (chance(.7)) has[columns[++ncolumns] = optional[1 + (i + n) % 3]]
	printf "%s", chance(.2) ? "\357\273\277" : "" > file
	n = mixed("sku") "," (chance(.5) ? "Product Title" : "name")
	for (i = 1; i <= ncolumns; i++) n = n "," mixed(columns[i])
	put(file, n)
}
function write(file, rows, rate,    code) {
	good = bad = 0
	for (head(file); rows > 0; rows--) {
		if (chance(.05)) put(file, chance(.5) ? "" : " ,\t,")
		draw()
		code = kinds[1 + pick(nkinds)]
		if (!chance(rate) || code ~ /price|active/ && !(substr(code, 5) in has)) {
			note("good", ++good)
			put(file, text_of(csv(padded(v["sku"])), csv(padded(v["name"]))))
		} else
			reject(file, code)
	}
	if (chance(.3)) reject(file, "unterminated_quote")
	close(file)
}

BEGIN {
	srand(seed)
	nnames = split("Mug|Tee, black|5\" pipe|two\nlines|\"quoted\"|Stra\303\237e|\\N|a\tb|NULL|", names, "|")
	names[nnames] = "x'y; z"
	ndescriptions = split("| kept |two\nlines|said \"\"|a,b|\\.", descriptions, "|")
	nprices = split("|0|19.9|19.90|250|0.000001", prices, "|")
	nactives = split("|yes|No|TRUE|0|inactive", actives, "|")
	nkinds = split("missing_sku missing_name bad_sku bad_name bad_price bad_active sku_too_long " \
		"too_few_fields too_many_fields bad_quote bad_encoding nul_byte", kinds, " ")
	split("description price active", optional, " ")
	split("missing_name:|bad_name:bell\001|bad_quote:\"nam\"e|bad_encoding:caf\377|nul_byte:nul\002|too_few_fields:|" \
		"unterminated_quote:\"open\nnever closed", part, "|")
	for (i in part) faulty[substr(part[i], 1, index(part[i], ":") - 1)] = substr(part[i], index(part[i], ":") + 1)
	right["missing_name"] = right["too_few_fields"] = "mended"
	right["bad_name"] = "bell!"; right["bad_quote"] = "name"; right["bad_encoding"] = "cafe"; right["nul_byte"] = "nulX"
	right["unterminated_quote"] = "open\nnever closed"
	for (i = 0; i < 256; i++) ys = ys "y"
	for (k = 1; k <= files; k++) {
		# Now and then one of more than a chunk.
		pool = k % 12 ? 40 * k : 30000
		write(k ".csv", k % 12 ? pick(60) : 11000 + pick(9000), k % 12 ? .2 : .002)
		apply("good", good, bad, k)
		apply("bad", bad, 0, k ".mended")
	}
}
