/* SPDX-License-Identifier: MIT
 *
 * door: what PostgreSQL says of a credential is kept in a small table by hash; a newcomer takes
 * the place of who was there.
 */
#include "web/door.h"

#include "base/clock.h"
#include "base/password.h"
#include "base/sign.h"
#include "base/xalloc.h"
#include "sql.h"
#include "web/wrongs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { PLACES = 256, FRESH_MS = 1000 };

struct known {
	char key[SESSION_CREDENTIAL + 2 * SIGN_BYTES + 2]; /* credential and session or hash */
	int64_t at_ms;
	bool ended, token; /* token: there is one in PostgreSQL, and it is good */
	struct visitor visitor;
};

struct door {
	const struct conf *conf;
	door_db_fn *db;
	void *ctx;
	struct known known[PLACES];
	/* By network; by network and user; by user, from where the user never signed in. */
	struct wrongs *wrong, *guesses, *strange;
};

struct door *door_new(const struct conf *conf, door_db_fn *db, void *ctx)
{
	struct door *d = xalloc_zero(1, sizeof *d);

	d->conf = conf;
	d->db = db;
	d->ctx = ctx;
	d->wrong = wrongs_new();
	d->guesses = wrongs_new();
	d->strange = wrongs_new();
	return d;
}

void door_free(struct door *d)
{
	wrongs_free(d->wrong);
	wrongs_free(d->guesses);
	wrongs_free(d->strange);
	free(d);
}

bool door_https_only(const struct conf *conf)
{
	return strncasecmp(conf_get(conf, "PUBLIC_URL"), "https://", 8) == 0;
}

static void by_setting(struct visitor *v, char scope, const char *credential)
{
	scopes_everywhere(v, scope == 'w');
	snprintf(v->credential, sizeof v->credential, "%s", credential);
}

static void by_token(struct visitor *v, const struct known *k, const char *credential)
{
	*v = k->visitor;
	snprintf(v->credential, sizeof v->credential, "%s", credential);
}

static size_t place_of(const char *key)
{
	size_t h = 5381;

	while (*key)
		h = h * 33 ^ (unsigned char)*key++;
	return h % PLACES;
}

static void note_wrong(struct db *db, const char *net)
{
	struct db_param p = db_param_text(net);
	struct err ignored;

	if (db == NULL || db_exec(db, &SQL_INSERT_SIGN_IN_FAILURE, &p, NULL, &ignored) != 0)
		return; /* nobody can be told */
}

/* The first few are written down for all processes and for people to see. */
static int refuse(struct door *d, const char *address, struct err *e)
{
	char net[WRONGS_NET];

	wrongs_net(address, net);
	if (++*wrongs_of(d->wrong, net) > DOOR_MOST_WRONG)
		return err_set(e, ERR_BUSY,
			       "too many wrong tokens from this network; a right one is taken");
	note_wrong(d->db(d->ctx), net);
	return err_set(e, ERR_AUTH, "no such token");
}

/* --- what PostgreSQL knows --- */

static void note_used(struct db *db, const char *credential)
{
	struct db_param p = db_param_text(credential);
	struct err ignored;

	if (db_exec(db, &SQL_NOTE_TOKEN_USED, &p, NULL, &ignored) != 0)
		return; /* the next use notes it */
}

static int ask(struct known *k, struct db *db, const char *credential, const unsigned char *hash,
	       const char *session, struct err *e)
{
	struct db_param p[] = {db_param_text(credential),
			       hash ? db_param_bytes(hash, SIGN_BYTES) : db_param_text(NULL),
			       db_param_text(session)};
	struct db_rows *rows;
	bool stale;

	if (db_exec(db, &SQL_READ_CREDENTIAL, p, &rows, e) != 0)
		return -1;
	k->visitor = (struct visitor){0};
	k->token = !db_is_null(rows, 0, 0) &&
		   scopes_read(db_text(rows, 0, 1), &k->visitor, e) == 0;
	if (k->token)
		snprintf(k->visitor.name, sizeof k->visitor.name, "%s", db_text(rows, 0, 0));
	k->ended = db_bool(rows, 0, 2);
	stale = db_bool(rows, 0, 3);
	db_rows_free(rows);
	if (stale)
		note_used(db, credential);
	return 0;
}

/* What is known of a credential with the hash of its token, or of the session by it. */
static int look(struct door *d, const char *credential, const unsigned char *hash,
		const char *session, const struct known **out, struct err *e)
{
	char hex[2 * SIGN_BYTES + 1] = "";
	struct known fresh = {.at_ms = clock_ms()};
	struct known *k;
	struct db *db;

	if (hash)
		sign_hex(hash, SIGN_BYTES, hex);
	snprintf(fresh.key, sizeof fresh.key, "%s/%s", credential, session ? session : hex);
	k = &d->known[place_of(fresh.key)];
	*out = k;
	if (strcmp(k->key, fresh.key) == 0 && fresh.at_ms - k->at_ms < FRESH_MS)
		return 0;
	db = d->db(d->ctx);
	if (db == NULL)
		return err_set(e, ERR_AWAY, "PostgreSQL, which knows the tokens, is away");
	if (ask(&fresh, db, credential, hash, session, e) != 0)
		return -1;
	*k = fresh;
	return 0;
}

int door_token(struct door *d, const char *token, const char *address, struct visitor *v,
	       struct err *e)
{
	char scope = session_token(conf_get(d->conf, "API_TOKENS_READ"),
				   conf_get(d->conf, "API_TOKENS_WRITE"), token);
	unsigned char hash[SIGN_BYTES];
	char credential[SESSION_CREDENTIAL];
	const struct known *k;

	session_identify(token, hash, credential);
	if (scope) {
		by_setting(v, scope, credential);
		return 0;
	}
	if (strncmp(token, "ful_", 4) != 0)
		return refuse(d, address, e);
	if (look(d, credential, hash, NULL, &k, e) != 0)
		return -1;
	if (!k->token)
		return refuse(d, address, e);
	by_token(v, k, credential);
	return 0;
}

int door_session(struct door *d, const char *cookies, struct visitor *v, struct err *e)
{
	struct session s;
	const struct known *k = NULL;
	char scope;

	if (!session_read(conf_get(d->conf, "SECRET_KEY"), cookies, door_https_only(d->conf),
			  time(NULL), &s))
		return err_set(e, ERR_AUTH, "a token is needed: Authorization: Bearer …");
	scope = session_credential(conf_get(d->conf, "API_TOKENS_READ"),
				   conf_get(d->conf, "API_TOKENS_WRITE"), s.credential);
	if (look(d, s.credential, NULL, s.id, &k, e) != 0) {
		if (scope == '\0')
			return -1;
		k = NULL;
	}
	if ((k && k->ended) || (scope == '\0' && !k->token))
		return err_set(e, ERR_AUTH, "this session was ended, or its token is no more");
	if (scope)
		by_setting(v, s.scope == 'w' ? scope : 'r', s.credential);
	else
		by_token(v, k, s.credential);
	return 0;
}

int door_code(struct door *d, const char *code, const char *address, struct visitor *v,
	      struct err *e)
{
	char credential[SESSION_CREDENTIAL], scope;
	unsigned char hash[SIGN_BYTES];
	struct db *db = d->db(d->ctx);
	struct db_rows *rows;
	const struct known *k;
	struct db_param p;

	if (db == NULL)
		return err_set(e, ERR_AWAY, "PostgreSQL, which knows the codes, is away");
	sign_digest(code, strlen(code), hash);
	p = db_param_bytes(hash, sizeof hash);
	if (db_exec(db, &SQL_DELETE_CODE, &p, &rows, e) != 0)
		return -1;
	snprintf(credential, sizeof credential, "%s",
		 db_count(rows) ? db_text(rows, 0, 0) : "");
	db_rows_free(rows);
	if (*credential == '\0')
		return refuse(d, address, e);
	scope = session_credential(conf_get(d->conf, "API_TOKENS_READ"),
				   conf_get(d->conf, "API_TOKENS_WRITE"), credential);
	if (scope) {
		by_setting(v, scope, credential);
		return 0;
	}
	if (look(d, credential, NULL, "", &k, e) != 0)
		return -1;
	if (!k->token)
		return refuse(d, address, e);
	by_token(v, k, credential);
	return 0;
}

/* --- users --- */

struct user {
	char credential[SESSION_CREDENTIAL], kept[PASSWORD_TEXT]; /* "": there is none */
	struct visitor visitor;
	bool was_here; /* signed in from that network before */
};

static int read_user(struct db *db, const char *name, const char *net, struct user *u,
		     struct err *e)
{
	struct db_param p[] = {db_param_text(name), db_param_text(net)};
	struct db_rows *rows;
	int rc = 0;

	*u = (struct user){0};
	if (db_exec(db, &SQL_READ_USER, p, &rows, e) != 0)
		return -1;
	if (db_count(rows) > 0) {
		snprintf(u->credential, sizeof u->credential, "%s", db_text(rows, 0, 0));
		snprintf(u->kept, sizeof u->kept, "%s", db_text(rows, 0, 1));
		rc = scopes_read(db_text(rows, 0, 3), &u->visitor, e);
		snprintf(u->visitor.name, sizeof u->visitor.name, "%s", db_text(rows, 0, 2));
		memcpy(u->visitor.credential, u->credential, sizeof u->credential);
		u->was_here = db_bool(rows, 0, 4);
	}
	db_rows_free(rows);
	return rc;
}

static void note_network(struct db *db, const char *credential, const char *net)
{
	struct db_param p[] = {db_param_text(credential), db_param_text(net)};
	struct err ignored;

	if (db_exec(db, &SQL_NOTE_USER_NETWORK, p, NULL, &ignored) != 0)
		return; /* the next time notes it */
}

int door_user(struct door *d, const char *name, const char *password, const char *cookies,
	      const char *address, struct visitor *v, struct err *e)
{
	const char *secret = conf_get(d->conf, "SECRET_KEY");
	struct db *db = d->db(d->ctx);
	char net[WRONGS_NET], key[WRONGS_KEY];
	int *of_net, *of_user, *of_strangers;
	struct user u;
	bool known, strange;

	if (db == NULL)
		return err_set(e, ERR_AWAY, "PostgreSQL, which knows the users, is away");
	wrongs_net(address, net);
	if (read_user(db, name, net, &u, e) != 0)
		return -1;
	known = *u.credential &&
		session_is_known(secret, cookies, door_https_only(d->conf), u.credential);
	strange = !known && !u.was_here;
	wrongs_key(known ? "known" : net, name, key);
	of_user = wrongs_of(d->guesses, key);
	wrongs_key("", name, key);
	of_strangers = wrongs_of(d->strange, key);
	of_net = wrongs_of(d->wrong, net);
	if (*of_user >= DOOR_MOST_WRONG || (!known && *of_net >= DOOR_MOST_GUESSES) ||
	    (strange && *of_strangers >= DOOR_MOST_STRANGE))
		return err_set(e, ERR_BUSY, "too many wrong passwords; again in a minute");
	if (password_fits(*u.kept ? u.kept : NULL, password)) {
		*v = u.visitor;
		note_network(db, u.credential, net);
		return 0;
	}
	++*of_net;
	*of_strangers += strange;
	if (++*of_user <= DOOR_MOST_WRONG)
		note_wrong(db, net);
	return err_set(e, ERR_AUTH, "nobody of that name has that password");
}
