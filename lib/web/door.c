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

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { PLACES = 256, NEAR = 8, FRESH_MS = 1000, WRONG_S = 60, SCOPES = 200 };

struct known {
	char key[SESSION_CREDENTIAL + 2 * SIGN_BYTES + 2]; /* credential and session or hash */
	int64_t at_ms;
	bool ended, token; /* token: there is one in PostgreSQL, and it is good */
	struct visitor visitor;
};

struct wrong {
	char key[DOOR_NET + DOOR_NAME]; /* a network; or one, a slash and the name of a user */
	int64_t since; /* seconds */
	int n;
};

struct door {
	const struct conf *conf;
	door_db_fn *db;
	void *ctx;
	struct known known[PLACES];
	/* By network; by network and user; by user, from where the user never signed in. */
	struct wrong wrong[PLACES], guesses[PLACES], strange[PLACES];
};

struct door *door_new(const struct conf *conf, door_db_fn *db, void *ctx)
{
	struct door *d = xalloc_zero(1, sizeof *d);

	d->conf = conf;
	d->db = db;
	d->ctx = ctx;
	return d;
}

void door_free(struct door *d)
{
	free(d);
}

/* --- scopes --- */

static const char *const areas[DOOR_AREAS] = {"metrics", "catalogue", "orders", "stock",
					      "webhooks", "personal"};

static void grant(struct visitor *v, unsigned bits, bool write)
{
	v->reads |= bits;
	if (write)
		v->writes |= bits;
}

static unsigned bits_of(const char *word, size_t n)
{
	if (n == 3 && strncmp(word, "all", 3) == 0)
		return (1U << DOOR_AREAS) - 1;
	for (unsigned i = 0; i < DOOR_AREAS; i++)
		if (strlen(areas[i]) == n && strncmp(word, areas[i], n) == 0)
			return 1U << i;
	return 0;
}

int door_scopes(const char *text, struct visitor *v, struct err *e)
{
	const char *s = text;

	do {
		size_t n = strcspn(s, ","), name = strcspn(s, ":,");
		unsigned bits = bits_of(s, name);
		bool read = name == n || (n - name == 5 && strncmp(s + name, ":read", 5) == 0);
		bool write = n - name == 6 && strncmp(s + name, ":write", 6) == 0;

		if (bits == 0 || !(read || write))
			return err_set(e, ERR_DATA, "\"%.*s\" is no scope: they are metrics, "
				       "catalogue, orders, stock, webhooks, personal and all, each "
				       "with :read or :write", (int)(n > 40 ? 40 : n), s);
		grant(v, bits, write);
		s += n;
	} while (*s++ == ',');
	return 0;
}

bool door_may(const struct visitor *v, enum door_area area, bool write)
{
	unsigned bits = write ? v->writes : v->reads;

	return area == DOOR_ANY ? bits != 0 : (bits >> area & 1) != 0;
}

void door_everything(struct visitor *v, const char *name)
{
	*v = (struct visitor){0};
	grant(v, (1U << DOOR_AREAS) - 1, true);
	snprintf(v->name, sizeof v->name, "%s", name);
	snprintf(v->credential, sizeof v->credential, "%s", name);
}

int door_remote(const char *list, const char *name, struct visitor *v, struct err *e)
{
	static const char gaps[] = " \t\n";
	size_t len = strlen(name), n;
	const char *found = NULL;
	char scopes[SCOPES];

	door_everything(v, name);
	if (list[strspn(list, gaps)] == '\0')
		return 0;
	for (const char *s = list + strspn(list, gaps); *s; s += n, s += strspn(s, gaps)) {
		n = strcspn(s, gaps);
		if (n > len && s[len] == '=' && strncmp(s, name, len) == 0)
			found = s + len + 1;
		else if (found == NULL && n > 2 && s[0] == '*' && s[1] == '=')
			found = s + 2;
	}
	v->reads = v->writes = 0;
	if (found == NULL)
		return err_set(e, ERR_FORBIDDEN, "this user is not among REMOTE_USERS");
	snprintf(scopes, sizeof scopes, "%.*s", (int)strcspn(found, gaps), found);
	return door_scopes(scopes, v, e) == 0 ? 0 : err_set(e, ERR_CONFIG, "REMOTE_USERS: %s",
							     scopes);
}

bool door_https_only(const struct conf *conf)
{
	return strncasecmp(conf_get(conf, "PUBLIC_URL"), "https://", 8) == 0;
}

static void by_setting(struct visitor *v, char scope, const char *credential)
{
	*v = (struct visitor){0};
	grant(v, (1U << DOOR_AREAS) - 1, scope == 'w');
	snprintf(v->credential, sizeof v->credential, "%s", credential);
}

static void by_token(struct visitor *v, const struct known *k, const char *credential)
{
	*v = k->visitor;
	snprintf(v->credential, sizeof v->credential, "%s", credential);
}

/* --- wrong tokens --- */

void door_net(const char *address, char net[DOOR_NET])
{
	struct in6_addr a;

	snprintf(net, DOOR_NET, "%s", address);
	if (inet_pton(AF_INET6, address, &a) != 1 || IN6_IS_ADDR_V4MAPPED(&a))
		return;
	memset(a.s6_addr + 8, 0, 8);
	if (inet_ntop(AF_INET6, &a, net, DOOR_NET - 3))
		strncat(net, "/64", 4);
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

/* The count of this minute. Of the places that a key may have it takes one that is out of date,
 * or else the least: many guesses are not forgotten for few under names made to fall there. */
static struct wrong *count_of(struct wrong table[PLACES], const char *key)
{
	struct wrong *w = NULL;
	int64_t now = time(NULL);

	for (size_t i = 0; i < NEAR; i++) {
		struct wrong *at = &table[(place_of(key) + i) % PLACES];

		if (now - at->since >= WRONG_S)
			at->n = 0;
		if (strncmp(at->key, key, sizeof at->key - 1) == 0 && at->n > 0)
			return at;
		if (w == NULL || at->n < w->n)
			w = at;
	}
	*w = (struct wrong){.since = now};
	snprintf(w->key, sizeof w->key, "%s", key);
	return w;
}

/* The first few are written down for all processes and for people to see. */
static int refuse(struct door *d, const char *address, struct err *e)
{
	char net[DOOR_NET];

	door_net(address, net);
	if (++count_of(d->wrong, net)->n > DOOR_MOST_WRONG)
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
		   door_scopes(db_text(rows, 0, 1), &k->visitor, e) == 0;
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
		rc = door_scopes(db_text(rows, 0, 3), &u->visitor, e);
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

/* What guesses at a name are counted by: they hit the same user in either case. */
static void guess_key(const char *from, const char *name, char key[DOOR_NET + DOOR_NAME])
{
	int n = snprintf(key, DOOR_NET + DOOR_NAME, "%.*s/", DOOR_NET - 1, from);

	for (; *name && n < DOOR_NET + DOOR_NAME - 1; name++)
		key[n++] = *name >= 'A' && *name <= 'Z' ? (char)(*name | 32) : *name;
	key[n] = '\0';
}

int door_user(struct door *d, const char *name, const char *password, const char *cookies,
	      const char *address, struct visitor *v, struct err *e)
{
	const char *secret = conf_get(d->conf, "SECRET_KEY");
	struct db *db = d->db(d->ctx);
	char net[DOOR_NET], key[DOOR_NET + DOOR_NAME];
	struct wrong *of_net, *of_user, *of_strangers;
	struct user u;
	bool known, strange;

	if (db == NULL)
		return err_set(e, ERR_AWAY, "PostgreSQL, which knows the users, is away");
	door_net(address, net);
	if (read_user(db, name, net, &u, e) != 0)
		return -1;
	known = *u.credential &&
		session_is_known(secret, cookies, door_https_only(d->conf), u.credential);
	strange = !known && !u.was_here;
	guess_key(known ? "known" : net, name, key);
	of_user = count_of(d->guesses, key);
	guess_key("", name, key);
	of_strangers = count_of(d->strange, key);
	of_net = count_of(d->wrong, net);
	if (of_user->n >= DOOR_MOST_WRONG || (!known && of_net->n >= DOOR_MOST_GUESSES) ||
	    (strange && of_strangers->n >= DOOR_MOST_STRANGE))
		return err_set(e, ERR_BUSY, "too many wrong passwords; again in a minute");
	if (password_fits(*u.kept ? u.kept : NULL, password)) {
		*v = u.visitor;
		note_network(db, u.credential, net);
		return 0;
	}
	of_net->n++;
	of_strangers->n += strange;
	if (++of_user->n <= DOOR_MOST_WRONG)
		note_wrong(db, net);
	return err_set(e, ERR_AUTH, "nobody of that name has that password");
}
