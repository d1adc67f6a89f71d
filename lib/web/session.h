/* SPDX-License-Identifier: MIT
 *
 * session: what a signed-in browser carries in its cookie: what it may, until when, by which
 * credential, and a number of its own by which it can be ended. The cookie is signed with a key
 * derived from SECRET_KEY for this one use, so no other signature of ours can pass for a session.
 * It holds no secret of the credential. Whether it was ended is for its reader to know (door.h).
 */
#ifndef SESSION_H
#define SESSION_H

#include "base/err.h"
#include "base/sign.h"

#include <stdbool.h>
#include <stdint.h>

enum { SESSION_SECONDS = 12 * 3600, SESSION_TEXT = 192, SESSION_ID = 33, SESSION_CREDENTIAL = 17 };

struct session {
	char scope;                          /* 'r' or 'w' */
	int64_t until;                       /* Unix seconds */
	char credential[SESSION_CREDENTIAL]; /* the start of a token's SHA-256, in hex */
	char id[SESSION_ID];                 /* random, in hex */
};

/* The scope of a token: 'w', 'r', or '\0'. The lists are those of the settings
 * API_TOKENS_READ and API_TOKENS_WRITE; an entry may be a sha256: hash in hex.
 * Takes as long whichever entry matches. */
char session_token(const char *readers, const char *writers, const char *token);

/* The same for the credential of a session: what it may now, whatever it was. */
char session_credential(const char *readers, const char *writers, const char *credential);

/* What a token is known by: its SHA-256, and the credential, the start of that in hex. */
void session_identify(const char *token, unsigned char hash[SIGN_BYTES],
		      char credential[SESSION_CREDENTIAL]);

/* A new session by that credential, with SESSION_SECONDS from `now` on. ERR_BUG: no random
 * bytes. */
ERR_CHECK int session_begin(struct session *s, char scope, const char *credential, int64_t now,
			    struct err *e);

/* The names of the two cookies. Those of a site that is reached by HTTPS alone (PUBLIC_URL says
 * so) have a name that browsers take from that host by HTTPS only. */
const char *session_cookie(bool https_only);
const char *session_known_cookie(bool https_only);

/* The cookie's value. */
void session_make(const char *secret, const struct session *s, char out[SESSION_TEXT]);

/* The session that a Cookie header carries; false if none that is signed and not over at `now`. */
bool session_read(const char *secret, const char *cookies, bool https_only, int64_t now,
		  struct session *s);

/* What a browser keeps by which it is known that this credential signed in on it. It opens
 * nothing: what others get wrong is not counted against it. */
void session_make_known(const char *secret, const char *credential, char out[SESSION_TEXT]);
bool session_is_known(const char *secret, const char *cookies, bool https_only,
		      const char *credential);

#endif
