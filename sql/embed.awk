# Turns sql/query/VERB-NOUN.sql files into one C header:
#   static const struct db_query SQL_VERB_NOUN = {"verb-noun", "select ...", 2, false};
# The number is the highest $n, the last says whether it writes. Comment lines stay out of the program;
# the text is otherwise what psql would run. A file with a line "-- of: orders, sync_logs" is a statement
# for each of these tables, which psql's variable :rows stands for: page-rows.sql has SQL_PAGE_ORDERS
# and SQL_PAGE_SYNC_LOGS. With -v text=NAME it turns any one file into a header with its text:
# static const char NAME[] = "...";
function quoted(line) {
  gsub(/\\/, "&&", line)
  gsub(/"/, "\\\"", line)
  return line "\\n\"\n\t\""
}
function put_query(name, text,  macro) {
  macro = toupper(name)
  gsub(/-/, "_", macro)
  print "__attribute__((unused)) static const struct db_query SQL_" macro " = {\"" name "\", \"" text \
    "\", " parameters ", " (writes ? "true" : "false") "};\n"
}
function close_query(  tables, n, i, one, table) {
  n = split(of, tables, /, */)
  if (name != "" && n == 0) put_query(name, body)
  for (i = 1; i <= n; i++) {
    one = body
    gsub(/:rows/, tables[i], one)
    table = tables[i]
    gsub(/_/, "-", table)
    put_query(name_of(table), one)
  }
  if (parameters > most) most = parameters
}
function name_of(table,  query) {
  query = name
  sub(/rows/, table, query)
  return query
}
BEGIN {
  if (text) {
    printf "/* Made by sql/embed.awk; do not edit. */\nstatic const char %s[] = \"", text
    while ((getline line < ARGV[1]) > 0) printf "%s", quoted(line)
    print "\";"
    exit
  }
  print "/* Made by sql/embed.awk from sql/query; do not edit. */"
  print "#ifndef SQL_H\n#define SQL_H\n\n#include \"store/query.h\"\n"
}
FNR == 1 {
  close_query()
  n = split(FILENAME, path, "/")
  name = path[n]
  sub(/\.sql$/, "", name)
  parameters = writes = 0
  of = body = ""
}
sub(/^-- of: /, "") { of = $0; next }
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
  body = body quoted(line)
}
END {
  if (text) exit
  close_query()
  printf "enum { SQL_MOST_PARAMS = %d };\n\n", most
  print "#endif"
}
