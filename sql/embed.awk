# Turns sql/query/VERB-NOUN.sql files into one C header:
#   static const struct db_query SQL_VERB_NOUN = {"verb-noun", "select ...", 2};
# The last number is the highest $n. Comment lines stay out of the program;
# the text is otherwise what psql would run.
function close_query() {
  if (name != "") printf "\", %d};\n\n", parameters
  if (parameters > most) most = parameters
}
BEGIN {
  print "/* Made by sql/embed.awk from sql/query; do not edit. */"
  print "#ifndef SQL_H\n#define SQL_H\n\n#include \"store/db.h\"\n"
}
FNR == 1 {
  close_query()
  n = split(FILENAME, path, "/")
  name = path[n]
  sub(/\.sql$/, "", name)
  macro = toupper(name)
  gsub(/-/, "_", macro)
  parameters = 0
  printf "__attribute__((unused)) static const struct db_query SQL_%s = {\"%s\", \"", macro, name
}
/^[ \t]*--/ { next }
{
  line = $0
  rest = line
  while (match(rest, /\$[0-9]+/)) {
    k = substr(rest, RSTART + 1, RLENGTH - 1) + 0
    if (k > parameters) parameters = k
    rest = substr(rest, RSTART + RLENGTH)
  }
  gsub(/\\/, "\\\\", line)
  gsub(/"/, "\\\"", line)
  printf "%s\\n\"\n\t\"", line
}
END {
  close_query()
  printf "enum { SQL_MOST_PARAMS = %d };\n\n", most
  print "#endif"
}
