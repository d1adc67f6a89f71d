# schema.jq: the lines of fields.awk as a JSON Schema (2020-12) of any record. Read with -R -s.
def steps: [split(".")[] | if endswith("[]") then ("properties", .[:-2], "items") else ("properties", .) end];
def leaf: . as [$type, $name, $kind, $words, $text] | ($kind | split(" ")) as $kinds
	| ($kinds | map(if . == "word" or . == "time" then "string" elif . == "strings" then "array" else . end)) as $types
	| {description: ($text | gsub(" (?<p>[,.;:])( |$)"; "\(.p) ") | sub(" $"; "")),
	   type: (if ($types | length) == 1 then $types[0] else $types end)}
	+ (if $kinds | index("word") then {enum: (($words | split(" ") | unique) + (if $kinds | index("null") then [null] else [] end))} else {} end)
	+ (if $kinds | index("time") then {format: "date-time"} else {} end)
	+ (if $kinds | index("strings") then {items: {type: "string"}} else {} end);
# Objects and their members on the way to a field are made as they are met.
def add($steps; $leaf): . as $in
	| reduce range(2; $steps | length) as $n ($in;
		if $steps[$n] == "properties" then setpath($steps[:$n] + ["type"]; "object") else . end)
	| setpath($steps; (getpath($steps) // {}) + $leaf);
[split("\n")[] | select(. != "") | split("\t")] as $lines
| [$lines[] | select(.[1] == "")] as $types
| {"$schema": "https://json-schema.org/draft/2020-12/schema", title: "Records of Fulfil",
   description: "What the commands read and write, a JSON object a line: see fulfil-record(5).",
   type: "object", required: ["v", "type"],
   oneOf: [$types[] | {"$ref": "#/$defs/\(.[0])"}],
   "$defs": ([$types[] | . as $t | {key: .[0], value:
	(reduce ($lines[] | select(.[0] == $t[0] and .[1] != "")) as $l (
		{description: $t[4], type: "object", required: ["v", "type"], properties: {v: {const: 1}, type: {const: $t[0]}}};
		add($l[1] | steps; $l | leaf)))}] | from_entries)}
