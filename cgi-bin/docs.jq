# docs.jq: openapi.json as one page to read and to search, without any script. Everything that is
# said comes from the document; @html escapes it.
# usage: jq -r -f docs.jq openapi.json

def resolve($doc): if type == "object" and has("$ref")
	then . as $r | $doc | getpath($r["$ref"] | ltrimstr("#/") | split("/")) else . end;
def refname: .["$ref"] | split("/")[-1];
def anchor: gsub("[^A-Za-z0-9]+"; "-") | ascii_downcase;
def h: @html "\(.)";

# A type as people write it: integer or null, array of Order, one of a, b.
def kind: if .["$ref"] then refname as $n | "<a href=\"#schema-\($n | anchor)\">\($n | h)</a>"
	elif .oneOf then [.oneOf[] | kind] | join(" or ")
	elif .enum then "one of " + ([.enum[] | "<code>\(if . == null then "null" else . end | h)</code>"] | join(", "))
	elif .type == "array" then "array of " + ((.items // {}) | kind)
	else ([.type // "any"] | flatten | join(" or ")) + (if .format then ", \(.format | h)" else "" end) end;

def limits: [(if .minimum != null then "from \(.minimum)" else empty end),
	(if .maximum != null then "to \(.maximum)" else empty end),
	(if .minLength != null then "at least \(.minLength) characters" else empty end),
	(if .maxLength != null then "at most \(.maxLength) characters" else empty end),
	(if .pattern then "like <code>\(.pattern | h)</code>" else empty end),
	(if .default != null then "default <code>\(.default | h)</code>" else empty end)]
	| if length > 0 then "<span class=\"quiet\">\(join(", "))</span>" else "" end;

def fields: . as $s | "<table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead><tbody>"
	+ ([.properties | to_entries[] | .key as $k | .value as $v
		| "<tr><td><code>\($k | h)</code>\(if ($s.required // []) | index([$k]) then "" else " <span class=\"quiet\">optional</span>" end)</td><td>\($v | kind)</td><td>\($v.description // "" | h) \($v | limits)"
		+ (if $v.properties then ($v | fields) elif ($v.items // {}).properties then ($v.items | fields) else "" end) + "</td></tr>"] | join("\n"))
	+ "</tbody></table>";

def schema: if .properties then fields
	elif .oneOf then [.oneOf[] | "<p>\(.description // "" | h)</p>" + schema] | join("\n")
	else "<p>\(kind) \(limits)</p>" end;

def parameters($doc): [.parameters[]? | resolve($doc)] | if length == 0 then "" else
	"<h4>Parameters</h4><table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">In</th><th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead><tbody>"
	+ ([.[] | "<tr><td><code>\(.name | h)</code>\(if .required then " <b>needed</b>" else "" end)</td><td>\(.in | h)</td><td>\(.schema | kind)</td><td>\(.description // "" | h) \(.schema | limits)</td></tr>"] | join("\n"))
	+ "</tbody></table>" end;

def body($doc): if .requestBody then "<h4>Body</h4>" + ([.requestBody | resolve($doc) | .content | to_entries[]
	| "<p><code>\(.key | h)</code>: \((.value.schema // {}) | kind)\((.value.schema.description // "") | if . == "" then "" else ". \(. | h)" end)</p>"
	+ (if (.value.schema // {}) | (.properties or .oneOf) then (.value.schema | schema) else "" end)
	+ (if .value.example then "<pre tabindex=\"0\">\(.value.example | if type == "string" then . else tojson end | h)</pre>" else "" end)] | join("\n")) else "" end;

def answers($doc): "<h4>Answers</h4><table><thead><tr><th scope=\"col\">Status</th><th scope=\"col\">When</th><th scope=\"col\">Body</th></tr></thead><tbody>"
	+ ([.responses | to_entries[] | .key as $code | (.value | resolve($doc)) as $r
		| "<tr><td><b>\($code)</b></td><td>\($r.description // "" | h)\([$r.headers // {} | to_entries[] | "<br><span class=\"quiet\"><code>\(.key | h)</code>: \(.value.description // "" | h)</span>"] | join(""))</td><td>\([$r.content // {} | to_entries[] | "<code>\(.key | h)</code> \(if .value.schema then .value.schema | kind else "bytes" end)"] | join("<br>"))</td></tr>"] | join("\n"))
	+ "</tbody></table>";

# What a line takes for granted, beside it.
def hints: .["x-codeSamples"][0].source | [
	(if test("TASK_ID") then "<code>TASK_ID</code> is the task_id that the upload was answered; GET /api/upload lists them." else empty end),
	(if test("products\\.csv") then "<code>products.csv</code>: its first line names the columns, of which sku and name are needed." else empty end),
	(if test("order\\.json") then "<code>order.json</code>: an order as Shopify sends it; its id and its line_items are needed." else empty end)]
	| if length > 0 then "<p class=\"quiet\">\(join(" "))</p>" else "" end;

def operation($doc): "<section class=\"card\" id=\"\(.operationId | h)\"><h3><span class=\"badge\">\(.method | ascii_upcase)</span> <code>\(.path | h)</code></h3>"
	+ "<p><b>\(.summary | h)</b>. \(.description // "" | h) <span class=\"quiet\">\({read: "Needs a token that may read.", write: "Needs a token that may change.", open: "Open to everybody.", signature: "Trusts the signature alone."}[.["x-scope"]] // "")</span></p>"
	+ "<pre tabindex=\"0\">\(.["x-codeSamples"][0].source | h)</pre>" + hints
	+ parameters($doc) + body($doc) + answers($doc) + "</section>";

# What a webhook is sent; its operation is the receiver's.
def told($doc): "<section class=\"card\" id=\"\(.operationId | h)\"><h3><span class=\"badge\">POST</span> <code>\(.type | h)</code></h3><p><b>\(.summary | h)</b>. \(.description | h)</p>"
	+ parameters($doc) + body($doc) + answers($doc) + "</section>";

. as $doc
| [.webhooks | to_entries[] | {type: .key} + .value.post] as $told
| [.paths | to_entries[] | .key as $path | .value | to_entries[] | {path: $path, method: .key} + .value] as $ops
| "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>API reference · Fulfil</title>
<meta name=\"color-scheme\" content=\"light dark\">
<link rel=\"icon\" href=\"/fulfil.svg\">
<link rel=\"stylesheet\" href=\"/controls.css\">
<link rel=\"stylesheet\" href=\"/fulfil.css\">
<link rel=\"stylesheet\" href=\"/docs.css\">
</head>
<body class=\"docs\">
<a class=\"skip\" href=\"#main\">Skip to the content</a>
<header class=\"side\"><a class=\"brand\" href=\"/\"><img src=\"/fulfil.svg\" alt=\"\" width=\"24\" height=\"24\">Fulfil</a>
<nav aria-label=\"Operations\">
" + ([.tags[] | .name as $t | "<h2>\($t | h)</h2><ul>" + ([$ops[] | select(.tags[0] == $t)
	| "<li><a href=\"#\(.operationId | h)\">\(.summary | h)</a></li>"] | join("\n")) + "</ul>"] | join("\n"))
+ "<h2>What is told</h2><ul>" + ([$told[] | "<li><a href=\"#\(.operationId | h)\">\(.type | h)</a></li>"] | join("\n")) + "</ul>"
+ "<h2>Schemas</h2><ul>" + ([.components.schemas | keys[] | "<li><a href=\"#schema-\(anchor)\">\(h)</a></li>"] | join("\n")) + "</ul>
</nav></header>
<div class=\"content\"><main id=\"main\">
<h1>\(.info.title | h) API <span class=\"quiet\">\(.info.version | h)</span></h1>
<p>\(.info.summary | h) \(.info.description | h)</p>
<p>The commands and settings are in the <a href=\"/man-fulfil-7.html\">manual</a>. The same as here for machines: <a href=\"/openapi.json\">openapi.json</a>. The curl lines work in a shell after <code>. var/run.env</code>, or with FULFIL_URL and FULFIL_TOKEN set;
some want what these lines make, and a 1 in a path stands for any id:</p>
<pre tabindex=\"0\">\(.info["x-variables"] | join("\n") | h)</pre>
" + ([.tags[] | .name as $t | .description as $d | "<h2 class=\"tag\">\($t | h)</h2><p class=\"quiet\">\($d // "" | h)</p>"
	+ ([$ops[] | select(.tags[0] == $t) | operation($doc)] | join("\n"))] | join("\n"))
+ "<h2 class=\"tag\">What is told</h2><p class=\"quiet\">The requests that webhooks are sent; see fulfil-notify(1).</p>" + ([$told[] | told($doc)] | join("\n"))
+ "<h2 class=\"tag\">Schemas</h2>"
+ ([.components.schemas | to_entries[] | "<section class=\"card\" id=\"schema-\(.key | anchor)\"><h3>\(.key | h)</h3><p>\(.value.description // "" | h)</p>\(.value | schema)</section>"] | join("\n"))
+ "
</main></div>
</body>
</html>"
