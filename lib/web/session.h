/* SPDX-License-Identifier: MIT
 *
 * session: identifies a client by its token or by a signed cookie; nothing is
 * stored. The key is
 * derived from SECRET_KEY for this one use, so no other signature of ours can
 * pass for a session.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

enum { SESSION_SECONDS = 12 * 3600, SESSION_TEXT = 128 };

/* The scope of a token: 'w', 'r', or '\0'. The lists are those of the settings
 * API_TOKENS_READ and API_TOKENS_WRITE; an entry may be a sha256: hash in hex.
 * Takes as long whichever entry matches. */
char session_token(const char *readers, const char *writers, const char *token);

/* Makes the cookie's value: `scope` is 'r' or 'w', `until` in Unix seconds. */
void session_make(const char *secret, char scope, int64_t until, char out[SESSION_TEXT]);

/* The scope that a Cookie header carries, '\0' if none that is signed and not
 * over at `now`. */
char session_scope(const char *secret, const char *cookies, int64_t now);

#endif
