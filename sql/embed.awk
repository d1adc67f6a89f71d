# Turns sql/query/VERB-NOUN.sql files into one C header:
#   static const struct db_query SQL_VERB_NOUN = {"verb-noun", "select ...", 2, false};
# The number is the highest $n, the last says whether it writes. Comment lines stay out of the program;
# the text is otherwise what psql would run. With -v text=NAME it turns any one
# file into a header with its text: static const char NAME[] = "...";
function add_line(line) {
  gsub(/\\/, "&&", line)
  gsub(/"/, "\\\"", line)
  printf "%s\\n\"\n\t\"", line
}
function close_query() {
  if (name != "") printf "\", %d, %s};\n\n", parameters, writes ? "true" : "false"
  if (parameters > most) most = parameters
}
BEGIN {
  if (text) {
    printf "/* Made by sql/embed.awk; do not edit. */\nstatic const char %s[] = \"", text
    while ((getline line < ARGV[1]) > 0) add_line(line)
    print "\";"
    exit
  }
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
  parameters = writes = 0
  printf "__attribute__((unused)) static const struct db_query SQL_%s = {\"%s\", \"", macro, name
}
/^[ \t]*--/ { next }
{
  line = $0
  if (line ~ /insert into|update |delete from|upload_claim|_wake|(adjust|retry|cancel|apart|whole)\(/) writes = 1
  rest = line
  while (match(rest, /\$[0-9]+/)) {
    k = substr(rest, RSTART + 1, RLENGTH - 1) + 0
    if (k > parameters) parameters = k
    rest = substr(rest, RSTART + RLENGTH)
  }
  add_line(line)
}
END {
  if (text) exit
  close_query()
  printf "enum { SQL_MOST_PARAMS = %d };\n\n", most
  print "#endif"
}
