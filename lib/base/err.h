/* SPDX-License-Identifier: MIT
 *
 * err: how library functions report errors.
 *
 * A fallible function takes a `struct err *`, returns 0 or -1, and on -1 has
 * filled it in. Library modules never print and never exit; the caller does.
 * One table maps each code to a sysexits(3) status, an HTTP status and
 * whether the same call may succeed later.
 */
#ifndef ERR_H
#define ERR_H

#include <stdbool.h>

#define ERR_CHECK __attribute__((warn_unused_result))
#define ERR_PRINTF(f, a) __attribute__((format(printf, f, a)))

enum err_code {
	ERR_NONE,
	ERR_USAGE,      /* a wrong option or operand */
	ERR_DATA,       /* input that cannot be used */
	ERR_IO,         /* reading or writing failed, a full disk too */
	ERR_AGAIN,      /* a lock, a serialization failure: the same call may work now */
	ERR_AWAY,       /* a server cannot be reached, or the connection was lost */
	ERR_UNSURE,     /* done, but not yet where it outlives the server: to be asked for again */
	ERR_CONFIG,     /* a missing, unknown or unsupported setting */
	ERR_SETUP,      /* a server is there, but lacks what we need: tables, rights */
	ERR_BUG,        /* our mistake */
	ERR_AUTH,       /* no or wrong credentials or signature */
	ERR_FORBIDDEN,  /* valid credentials without this right */
	ERR_NOTFOUND,
	ERR_METHOD,
	ERR_CONFLICT,   /* the state of the resource does not allow it */
	ERR_TIMEOUT,    /* the client was too slow */
	ERR_LENGTH,     /* the request does not tell the length of its body */
	ERR_LARGE,      /* more bytes than a limit allows */
	ERR_MEDIA,      /* a content type or encoding that is not supported */
	ERR_BUSY,       /* too many requests */
	ERR_SEMANTIC,   /* well formed, but it cannot be used */
	ERR_INCOMPLETE, /* well formed, but a part of what it should be */
	ERR_CHANGED,    /* it is not what the client takes it for */
	ERR_CODES
};

struct err {
	enum err_code code;
	char sqlstate[6]; /* PostgreSQL's code, "" where there is none */
	char msg[400];    /* one sentence for a person, in UTF-8; never contains a secret */
};

/* Fills in `e` (which may be NULL) and returns -1, so that callers can
 * `return err_set(...)`. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...) ERR_PRINTF(3, 4);

/* The sysexits status, the HTTP status and its reason phrase of a code. */
int err_exit_status(enum err_code code);
int err_http_status(enum err_code code);
const char *err_http_reason(int http_status);

/* True if the same call, made again as it is, may succeed. */
bool err_is_temporary(enum err_code code);

/* The graver of two exit statuses: 70, 78, 69, 75, 74, 65, 64, others, 0. */
int err_worse(int a, int b);

#endif
