# described.jq: what an answer has that the schema $s of openapi.json, $ref, does not, and the other way round.
def schema: if .["$ref"] then $ref[0].components.schemas[.["$ref"] | split("/")[-1]] else . end;
def check($v; $at): schema as $s
	| if ($v | type) == "object" and $s.properties then
		(($v | keys) - ($s.properties | keys) | .[] | "\($at).\(.) is not described"),
		(($s.required // []) - ($v | keys) | .[] | "\($at).\(.) is missing"),
		($s.properties | to_entries[] | .key as $k | select($v | has($k)) | .value | check($v[$k]; "\($at).\($k)"))
	elif ($v | type) == "array" and $s.items then ($v[:3][] as $x | $s.items | check($x; "\($at)[]"))
	elif $s.enum and ($s.enum | index([$v]) | not) then "\($at) is \($v)"
	elif $s.type then ([$s.type] | flatten) as $t | ($v | type) as $is
		| if ($t | index($is)) or ($is == "number" and ($t | index("integer"))) then empty
		else "\($at) is a \($is)" end
	else empty end;
. as $v | $ref[0].components.schemas[$s] | check($v; $s)
