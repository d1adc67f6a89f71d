/* SPDX-License-Identifier: MIT
 *
 * fulfil-token: makes, lists and revokes the tokens and users of the API and the pages, and links
 * that sign in once. A token is shown once, when it is made; PostgreSQL keeps its SHA-256, and of a
 * user's password its scrypt.
 */
#include "base/buf.h"
#include "base/conf.h"
#include "base/password.h"
#include "base/record.h"
#include "base/sign.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "sql.h"
#include "store/array.h"
#include "store/db.h"
#include "web/door.h"
#include "web/session.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

enum { SECRET_BYTES = 32, TOKEN_TEXT = 4 + 2 * SECRET_BYTES + 1, LINK_MINUTES = 60 };

static const char *scope;
static long days;

static const struct opt options[] = {
	{"scope", 's', OPT_TEXT, &scope, "LIST",
	 "what one may, such as orders,stock:write", 0, 0},
	{"expires", 'e', OPT_INT, &days, "DAYS", "how long one is good; 0: for ever",
	 0, 3650},
	{0}};

static const struct opt_command cmd = {
	"fulfil-token", "[options] new|user|revoke NAME | link [NAME] | list",
	"makes, lists and revokes tokens and users of the API",
	"fulfil-token --scope metrics --expires 365 new prometheus", options};

static void put_scopes(struct buf *b, const char *list)
{
	record_open(b, "scopes", '[');
	for (const char *s = list; *s; s += strcspn(s, ","), s += *s == ',')
		record_text_of(b, NULL, s, strcspn(s, ","));
	record_close(b, ']');
}

static int make_token(char token[TOKEN_TEXT], struct err *e)
{
	unsigned char secret[SECRET_BYTES];

	if (!sign_random(secret, sizeof secret))
		return err_set(e, ERR_BUG, "OpenSSL has no random bytes");
	memcpy(token, "ful_", 4);
	sign_hex(secret, sizeof secret, token + 4);
	return 0;
}

/* `kept` is a user's scrypt, NULL for a token. */
static int store_token(struct db *db, const char *name, const char *token, const char *kept,
		       struct db_rows **rows, struct err *e)
{
	char credential[SESSION_CREDENTIAL];
	unsigned char hash[SIGN_BYTES];
	struct array scopes;
	int rc;

	session_identify(token, hash, credential);
	array_init(&scopes, ARRAY_TEXT);
	for (const char *s = scope; *s; s += strcspn(s, ","), s += *s == ',') {
		char word[40];

		snprintf(word, sizeof word, "%.*s", (int)strcspn(s, ","), s);
		array_text(&scopes, word);
	}
	struct db_param p[] = {db_param_text(name), db_param_text(credential),
			       db_param_bytes(hash, sizeof hash), array_param(&scopes),
			       days ? db_param_int(days) : db_param_text(NULL),
			       db_param_text(kept)};

	rc = db_exec(db, kept ? &SQL_SET_USER : &SQL_CREATE_TOKEN, p, rows, e);
	array_release(&scopes);
	return rc;
}

static int make(struct db *db, const char *name, const char *kept, struct err *e)
{
	struct visitor v = {0};
	struct buf b = BUF_INIT;
	char token[TOKEN_TEXT];
	struct db_rows *rows;

	if (scopes_read(scope, &v, e) != 0 || make_token(token, e) != 0 ||
	    store_token(db, name, token, kept, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0) {
		db_rows_free(rows);
		return err_set(e, ERR_DATA, "there is a token or user called %s already; revoke it "
			       "first", name);
	}
	record_begin(&b, "token");
	record_int(&b, "token_id", db_int(rows, 0, 0));
	record_text(&b, "name", name);
	put_scopes(&b, scope);
	record_text(&b, "expires_at", db_text_or_null(rows, 0, 1));
	record_text(&b, "status", "valid");
	record_text(&b, "kind", kept ? "user" : "token");
	if (kept == NULL)
		record_text(&b, "token", token);
	ndjson_put_record(&b);
	db_rows_free(rows);
	return 0;
}

static int new_token(struct db *db, const char *name, struct err *e)
{
	return make(db, name, NULL, e);
}

/* One line of stdin without its end; a terminal does not show it. */
static int read_password(const char *prompt, char password[PASSWORD_MOST + 2], struct err *e)
{
	struct termios before, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	char *line;

	if (terminal) {
		fprintf(stderr, "%s: ", prompt);
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	line = fgets(password, PASSWORD_MOST + 2, stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	if (line == NULL)
		return err_set(e, ERR_DATA, "there is no password on standard input");
	line[strcspn(line, "\r\n")] = '\0';
	return 0;
}

static int set_user(struct db *db, const char *name, struct err *e)
{
	char password[PASSWORD_MOST + 2], again[PASSWORD_MOST + 2], kept[PASSWORD_TEXT];
	struct visitor v = {0};

	if (scopes_read(scope, &v, e) != 0 || read_password("Password", password, e) != 0)
		return -1;
	if (isatty(STDIN_FILENO) && (read_password("The same again", again, e) != 0 ||
				     strcmp(password, again) != 0))
		return err_set(e, ERR_DATA, "these are two passwords");
	return password_keep(password, kept, e) != 0 ? -1 : make(db, name, kept, e);
}

/* The credential of the first entry of API_TOKENS_WRITE, or else of API_TOKENS_READ. */
static int first_credential(const struct conf *conf, char credential[SESSION_CREDENTIAL],
			    struct err *e)
{
	static const char gaps[] = ", \t\n", mark[] = "sha256:";
	const char *list = conf_get(conf, "API_TOKENS_WRITE");
	unsigned char hash[SIGN_BYTES];
	char entry[256];

	if (list[strspn(list, gaps)] == '\0')
		list = conf_get(conf, "API_TOKENS_READ");
	list += strspn(list, gaps);
	if (*list == '\0')
		return err_set(e, ERR_CONFIG, "API_TOKENS_WRITE has no token that a link could "
			       "sign in for; name a token or user");
	snprintf(entry, sizeof entry, "%.*s", (int)strcspn(list, gaps), list);
	if (strncmp(entry, mark, sizeof mark - 1) == 0)
		snprintf(credential, SESSION_CREDENTIAL, "%.16s", entry + sizeof mark - 1);
	else
		session_identify(entry, hash, credential);
	return 0;
}

static int make_link(struct db *db, const struct conf *conf, const char *name, struct err *e)
{
	char code[TOKEN_TEXT], credential[SESSION_CREDENTIAL] = "";
	unsigned char hash[SIGN_BYTES];
	const char *url = getenv("FULFIL_URL");
	struct buf b = BUF_INIT, text = BUF_INIT;
	struct db_rows *rows;

	if ((name == NULL && first_credential(conf, credential, e) != 0) ||
	    make_token(code, e) != 0)
		return -1;
	sign_digest(code, strlen(code), hash);
	struct db_param p[] = {db_param_bytes(hash, sizeof hash), db_param_text(name),
			       db_param_text(credential), db_param_int(LINK_MINUTES)};

	if (*conf_get(conf, "PUBLIC_URL"))
		url = conf_get(conf, "PUBLIC_URL");
	if (db_exec(db, &SQL_CREATE_CODE, p, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0) {
		db_rows_free(rows);
		return err_set(e, ERR_DATA, "there is no token or user called %s", name);
	}
	if (url)
		buf_addf(&text, "%.*s/sign-in.html#%s",
			 (int)(strlen(url) - (*url && url[strlen(url) - 1] == '/')), url, code);
	record_begin(&b, "link");
	record_text(&b, "url", text.data);
	record_text(&b, "code", code);
	record_text(&b, "expires_at", db_text(rows, 0, 0));
	ndjson_put_record(&b);
	buf_release(&text);
	db_rows_free(rows);
	return 0;
}

static int list_tokens(struct db *db, struct err *e)
{
	struct db_rows *rows;

	if (db_exec(db, &SQL_LIST_TOKENS, NULL, &rows, e) != 0)
		return -1;
	for (int i = 0; i < db_count(rows); i++) {
		struct buf b = BUF_INIT;

		record_begin(&b, "token");
		record_int(&b, "token_id", db_int(rows, i, 0));
		record_text(&b, "name", db_text(rows, i, 1));
		put_scopes(&b, db_text(rows, i, 2));
		record_text(&b, "created_at", db_text_or_null(rows, i, 3));
		record_text(&b, "expires_at", db_text_or_null(rows, i, 4));
		record_text(&b, "last_used_at", db_text_or_null(rows, i, 5));
		record_text(&b, "status", db_text(rows, i, 6));
		record_text(&b, "kind", db_text(rows, i, 7));
		ndjson_put_record(&b);
	}
	db_rows_free(rows);
	return 0;
}

static int revoke_token(struct db *db, const char *name, struct err *e)
{
	struct db_param p = db_param_text(name);
	struct db_rows *rows;
	int n;

	if (db_exec(db, &SQL_REVOKE_TOKEN, &p, &rows, e) != 0)
		return -1;
	n = db_count(rows);
	if (n > 0) {
		struct buf b = BUF_INIT;

		record_begin(&b, "token");
		record_int(&b, "token_id", db_int(rows, 0, 0));
		record_text(&b, "name", db_text(rows, 0, 1));
		record_text(&b, "status", "revoked");
		ndjson_put_record(&b);
	}
	db_rows_free(rows);
	return n > 0 ? 0 : err_set(e, ERR_DATA, "there is no token or user called %s", name);
}

static bool is_name(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n < SCOPES_NAME &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
			 "UVWXYZ0123456789._-@") == n;
}

/* The command line; ends the program where it makes no sense. */
static void check_usage(char **word, int n)
{
	const char *what = n > 0 ? word[0] : "";
	bool makes = strcmp(what, "new") == 0 || strcmp(what, "user") == 0;
	bool links = strcmp(what, "link") == 0;
	bool named = makes || strcmp(what, "revoke") == 0;

	if (!named && !links && strcmp(what, "list") != 0)
		opt_usage(&cmd, "say one of: new NAME, user NAME, link, list, revoke NAME");
	if (n != (named ? 2 : 1) && !(links && n == 2))
		opt_usage(&cmd, named ? "%s takes one name" : links ? "%s takes one name or none" :
			  "%s takes no name", word[0]);
	if (n == 2 && !is_name(word[1]))
		opt_usage(&cmd, "\"%s\" is no name: letters, digits and . _ - @, at most %d",
			  word[1], SCOPES_NAME - 1);
	if (makes && (scope == NULL || *scope == '\0'))
		opt_usage(&cmd, "%s needs --scope: what it may", what);
	if (!makes && (scope || days))
		opt_usage(&cmd, "--scope and --expires are for new and user");
}

int main(int argc, char **argv)
{
	int first = opt_parse(&cmd, argc, argv), rc;
	struct conf *conf = NULL;
	struct db *db = NULL;
	struct err e = {0};

	log_init(cmd.name);
	check_usage(argv + first, argc - first);
	rc = program_start(&conf, CONF_COMMAND, &e);
	if (rc == 0)
		rc = db_open(&db, conf, cmd.name, &e);
	if (rc == 0)
		rc = strcmp(argv[first], "new") == 0 ? new_token(db, argv[first + 1], &e)
		     : strcmp(argv[first], "user") == 0 ? set_user(db, argv[first + 1], &e)
		     : strcmp(argv[first], "link") == 0 ? make_link(db, conf, argv[first + 1], &e)
		     : strcmp(argv[first], "list") == 0 ? list_tokens(db, &e)
		     : revoke_token(db, argv[first + 1], &e);
	if (rc != 0)
		log_say(LOG_ERROR, "%s", e.msg);
	db_close(db);
	conf_free(conf);
	return ndjson_close(rc == 0 ? EX_OK : err_exit_status(e.code));
}
