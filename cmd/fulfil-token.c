/* SPDX-License-Identifier: MIT
 *
 * fulfil-token: makes, lists and revokes the tokens of the API and the pages. A token is shown
 * once, when it is made; PostgreSQL keeps its SHA-256.
 */
#include "base/buf.h"
#include "base/conf.h"
#include "base/jtext.h"
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

#include <string.h>
#include <sysexits.h>

enum { SECRET_BYTES = 32, TOKEN_TEXT = 4 + 2 * SECRET_BYTES + 1 };

static const char *scope;
static long days;

static const struct opt options[] = {
	{"scope", 's', OPT_TEXT, &scope, "LIST",
	 "new: what it may, such as orders,stock:write", 0, 0},
	{"expires", 'e', OPT_INT, &days, "DAYS", "new: how long it is good; 0: for ever",
	 0, 3650},
	{0}};

static const struct opt_command cmd = {
	"fulfil-token", "[options] new NAME | list | revoke NAME",
	"makes, lists and revokes tokens of the API",
	"fulfil-token --scope metrics --expires 365 new prometheus", options};

static void put_text_or_null(struct buf *b, const char *name, const char *text)
{
	buf_addf(b, ",\"%s\":", name);
	if (text)
		jtext_add(b, text);
	else
		buf_addstr(b, "null");
}

static void put_scopes(struct buf *b, const char *list)
{
	buf_addstr(b, ",\"scopes\":[");
	for (const char *s = list; *s; s += strcspn(s, ","), s += *s == ',') {
		buf_addstr(b, s == list ? "" : ",");
		jtext_addn(b, s, strcspn(s, ","));
	}
	buf_addstr(b, "]");
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

static int store_token(struct db *db, const char *name, const char *token, struct db_rows **rows,
		       struct err *e)
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
			       days ? db_param_int(days) : db_param_text(NULL)};

	rc = db_exec(db, &SQL_CREATE_TOKEN, p, rows, e);
	array_release(&scopes);
	return rc;
}

static int new_token(struct db *db, const char *name, struct err *e)
{
	struct visitor v = {0};
	struct buf b = BUF_INIT;
	char token[TOKEN_TEXT];
	struct db_rows *rows;

	if (door_scopes(scope, &v, e) != 0 || make_token(token, e) != 0 ||
	    store_token(db, name, token, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0) {
		db_rows_free(rows);
		return err_set(e, ERR_DATA, "there is a token called %s already; revoke it first",
			       name);
	}
	buf_addf(&b, "{\"v\":1,\"type\":\"token\",\"token_id\":%lld,\"name\":",
		 (long long)db_int(rows, 0, 0));
	jtext_add(&b, name);
	put_scopes(&b, scope);
	put_text_or_null(&b, "expires_at", db_text_or_null(rows, 0, 1));
	buf_addf(&b, ",\"status\":\"valid\",\"token\":\"%s\"}\n", token);
	ndjson_put(&b);
	buf_release(&b);
	db_rows_free(rows);
	return 0;
}

static int list_tokens(struct db *db, struct err *e)
{
	struct buf b = BUF_INIT;
	struct db_rows *rows;

	if (db_exec(db, &SQL_LIST_TOKENS, NULL, &rows, e) != 0)
		return -1;
	for (int i = 0; i < db_count(rows); i++) {
		buf_reset(&b);
		buf_addf(&b, "{\"v\":1,\"type\":\"token\",\"token_id\":%lld,\"name\":",
			 (long long)db_int(rows, i, 0));
		jtext_add(&b, db_text(rows, i, 1));
		put_scopes(&b, db_text(rows, i, 2));
		put_text_or_null(&b, "created_at", db_text_or_null(rows, i, 3));
		put_text_or_null(&b, "expires_at", db_text_or_null(rows, i, 4));
		put_text_or_null(&b, "last_used_at", db_text_or_null(rows, i, 5));
		buf_addf(&b, ",\"status\":\"%s\"}\n", db_text(rows, i, 6));
		ndjson_put(&b);
	}
	buf_release(&b);
	db_rows_free(rows);
	return 0;
}

static int revoke_token(struct db *db, const char *name, struct err *e)
{
	struct db_param p = db_param_text(name);
	struct buf b = BUF_INIT;
	struct db_rows *rows;
	int n;

	if (db_exec(db, &SQL_REVOKE_TOKEN, &p, &rows, e) != 0)
		return -1;
	n = db_count(rows);
	if (n > 0) {
		buf_addf(&b, "{\"v\":1,\"type\":\"token\",\"token_id\":%lld,\"name\":",
			 (long long)db_int(rows, 0, 0));
		jtext_add(&b, db_text(rows, 0, 1));
		buf_addstr(&b, ",\"status\":\"revoked\"}\n");
		ndjson_put(&b);
	}
	buf_release(&b);
	db_rows_free(rows);
	return n > 0 ? 0 : err_set(e, ERR_DATA, "there is no token called %s", name);
}

static bool is_name(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n < DOOR_NAME && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
						   "UVWXYZ0123456789._-@") == n;
}

/* The command line; ends the program where it makes no sense. */
static void check_usage(char **word, int n)
{
	bool makes = n > 0 && strcmp(word[0], "new") == 0;
	bool named = makes || (n > 0 && strcmp(word[0], "revoke") == 0);

	if (n == 0 || (!named && strcmp(word[0], "list") != 0))
		opt_usage(&cmd, "say one of: new NAME, list, revoke NAME");
	if (n != (named ? 2 : 1))
		opt_usage(&cmd, named ? "%s takes one name" : "%s takes no name", word[0]);
	if (named && !is_name(word[1]))
		opt_usage(&cmd, "\"%s\" is no name: letters, digits and . _ - @, at most %d",
			  word[1], DOOR_NAME - 1);
	if (makes && (scope == NULL || *scope == '\0'))
		opt_usage(&cmd, "new needs --scope: what the token may");
	if (!makes && (scope || days))
		opt_usage(&cmd, "--scope and --expires are for new");
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
		     : strcmp(argv[first], "list") == 0 ? list_tokens(db, &e)
		     : revoke_token(db, argv[first + 1], &e);
	if (rc != 0)
		log_say(LOG_ERROR, "%s", e.msg);
	db_close(db);
	conf_free(conf);
	return ndjson_close(rc == 0 ? EX_OK : err_exit_status(e.code));
}
