/* SPDX-License-Identifier: MIT
 *
 * err: the error table and the few functions that read it.
 */
#include "base/err.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct {
	int exit_status;
	int http_status;
	bool temporary;
} table[ERR_CODES] = {
	[ERR_NONE] = {0, 200, false},
	[ERR_USAGE] = {EX_USAGE, 400, false},
	[ERR_DATA] = {EX_DATAERR, 400, false},
	[ERR_IO] = {EX_IOERR, 500, false},
	[ERR_AGAIN] = {EX_TEMPFAIL, 503, true},
	[ERR_AWAY] = {EX_UNAVAILABLE, 503, true},
	[ERR_UNSURE] = {EX_TEMPFAIL, 503, true},
	[ERR_CONFIG] = {EX_CONFIG, 500, false},
	[ERR_SETUP] = {EX_CONFIG, 503, false},
	[ERR_BUG] = {EX_SOFTWARE, 500, false},
	[ERR_AUTH] = {EX_NOPERM, 401, false},
	[ERR_FORBIDDEN] = {EX_NOPERM, 403, false},
	[ERR_NOTFOUND] = {EX_DATAERR, 404, false},
	[ERR_METHOD] = {EX_DATAERR, 405, false},
	[ERR_CONFLICT] = {EX_DATAERR, 409, false},
	[ERR_TIMEOUT] = {EX_TEMPFAIL, 408, true},
	[ERR_LENGTH] = {EX_DATAERR, 411, false},
	[ERR_LARGE] = {EX_DATAERR, 413, false},
	[ERR_MEDIA] = {EX_DATAERR, 415, false},
	[ERR_BUSY] = {EX_TEMPFAIL, 429, true},
	[ERR_SEMANTIC] = {EX_DATAERR, 422, false},
	[ERR_INCOMPLETE] = {EX_DATAERR, 422, false},
	[ERR_CHANGED] = {EX_DATAERR, 412, false},
};

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{204, "No Content"},
	{302, "Found"},
	{303, "See Other"},
	{304, "Not Modified"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{415, "Unsupported Media Type"},
	{422, "Unprocessable Content"},
	{429, "Too Many Requests"},
	{500, "Internal Server Error"},
	{503, "Service Unavailable"},
};

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL)
		return -1;
	e->code = code;
	e->sqlstate[0] = '\0';
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	utf8_mend(e->msg, strlen(e->msg)); /* what was cut within a character */
	return -1;
}

int err_exit_status(enum err_code code)
{
	return table[code].exit_status;
}

int err_http_status(enum err_code code)
{
	return table[code].http_status;
}

const char *err_http_reason(int http_status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == http_status)
			return reasons[i].reason;
	return "Error";
}

bool err_is_temporary(enum err_code code)
{
	return table[code].temporary;
}

static int gravity(int status)
{
	static const int order[] = {0, EX_USAGE, EX_DATAERR, EX_IOERR, EX_TEMPFAIL, EX_UNAVAILABLE,
				    EX_CONFIG, EX_SOFTWARE};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (order[i] == status)
			return (int)i * 2;
	return 1; /* a status of its own, such as the audit's 1, is graver than none */
}

int err_worse(int a, int b)
{
	return gravity(b) > gravity(a) ? b : a;
}
