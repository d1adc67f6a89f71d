# schema.jq: what is wrong with a record by a JSON Schema, $schema[0]: as much of JSON Schema as that uses. For
# the kinds of records the one that the record's type names is asked.
def is($want): type as $is | $is == $want or ($want == "integer" and $is == "number" and . == floor);
def bad($s; $at): . as $v
	| (if $s.type and ([$s.type] | flatten | any(. as $t | $v | is($t)) | not) then "\($at) is \($v | tojson), not \($s.type)" else empty end),
	  (if $s | has("const") and .const != $v then "\($at) is \($v | tojson), not \($s.const | tojson)" else empty end),
	  (if $s.enum and ($s.enum | index([$v]) | not) then "\($at) is \($v | tojson), not one of \($s.enum | tojson)" else empty end),
	  (if $s.format == "date-time" and ($v | type) == "string" and ($v | test("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$") | not) then "\($at) is no time: \($v)" else empty end),
	  (if ($v | type) == "object" then
		(($s.required // [])[] | select(. as $k | $v | has($k) | not) | "\($at).\(.) is missing"),
		($v | keys[] | . as $k | select($s.properties[$k]) | . as $k | $v[$k] | bad($s.properties[$k]; "\($at).\($k)"))
	  else empty end),
	  (if ($v | type) == "array" and $s.items then $v[] | bad($s.items; "\($at)[]") else empty end);
.type as $type | if $schema[0]["$defs"] | has($type) then bad($schema[0]["$defs"][$type]; $type) else "no type \($type)" end
