/* SPDX-License-Identifier: MIT
 *
 * response: the head is made when it is sent, for a body that is a problem or
 * that HEAD asks for decides about it.
 */
#include "web/response.h"

#include "base/record.h"

#include <jansson.h>
#include <string.h>

void response_reset(struct response *a)
{
	a->status = 200;
	a->type = "application/json";
	a->flushed = false;
	buf_reuse(&a->body);
	buf_reuse(&a->headers);
	buf_reuse(&a->errors);
	buf_reuse(&a->current);
}

void response_release(struct response *a)
{
	buf_release(&a->body);
	buf_release(&a->headers);
	buf_release(&a->errors);
	buf_release(&a->current);
}

void response_header(struct response *a, const char *name, const char *value)
{
	for (const char *s = value; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7F)
			return;
	buf_addf(&a->headers, "%s: %s\r\n", name, value);
}

void response_error(struct response *a, const char *kind, const char *name, const char *detail)
{
	if (a->errors.len >= RESPONSE_ERRORS)
		return;
	record_open(&a->errors, NULL, '{');
	record_text(&a->errors, kind, name);
	record_text(&a->errors, "detail", detail);
	record_close(&a->errors, '}');
}

/* What a client is told of an error. */
static const char *detail(const struct err *e, int status)
{
	if (status == 500)
		return "something went wrong here; the log has more";
	if (e->code == ERR_AGAIN)
		return "somebody else is changing the same now; try again";
	if (e->code == ERR_UNSURE)
		return "it is not yet where it outlives the server; ask for the same again";
	return status == 503 ? "a server that this needs is away or not set up; try again" : e->msg;
}

static void hide_people(json_t *j)
{
	static const char *const names[] = {"customer_name", "customer_email"};
	json_t *member;
	const char *key;
	size_t i;

	for (size_t n = 0; json_is_object(j) && n < sizeof names / sizeof *names; n++)
		if (json_object_get(j, names[n]))
			json_object_set_new(j, names[n], json_null());
	json_object_foreach(j, key, member)
		hide_people(member);
	json_array_foreach(j, i, member)
		hide_people(member);
}

void response_hide_people(struct response *a)
{
	json_t *j = json_loadb(a->body.data, a->body.len, JSON_DECODE_ANY, NULL);
	char *text;

	hide_people(j);
	text = j ? json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	json_decref(j);
	buf_reset(&a->body);
	buf_addstr(&a->body, text ? text : "null");
	buf_addstr(&a->body, "\n");
	free(text);
}

void response_problem(struct response *a, const struct err *e)
{
	int status = err_http_status(e->code);

	a->status = status;
	a->type = "application/problem+json";
	buf_reset(&a->body);
	record_open(&a->body, NULL, '{');
	record_text(&a->body, "type", "about:blank");
	record_text(&a->body, "title", err_http_reason(status));
	record_int(&a->body, "status", status);
	record_text(&a->body, "detail", detail(e, status));
	if (a->errors.len) {
		record_open(&a->body, "errors", '[');
		record_json(&a->body, NULL, a->errors.data);
		record_close(&a->body, ']');
	}
	if (a->current.len)
		record_json(&a->body, "current", a->current.data);
	record_end(&a->body);
	if (err_is_temporary(e->code) && status == 503)
		response_header(a, "Retry-After", "5");
}

static bool wants_body(const struct gateway *g)
{
	return strcmp(gateway_var(g, "REQUEST_METHOD"), "HEAD") != 0;
}

/* The head, with the length of the body where all of it is there, and the body. */
static void put(struct response *a, struct gateway *g, bool whole)
{
	struct buf head = BUF_INIT;
	bool empty = a->status == 204 || a->status == 304;

	buf_addf(&head, "Status: %d %s\r\n", a->status, err_http_reason(a->status));
	if (!empty)
		buf_addf(&head, "Content-Type: %s\r\n", a->type);
	if (!empty && whole)
		buf_addf(&head, "Content-Length: %zu\r\n", a->body.len);
	buf_addstr(&head, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
	/* Parts of an answer that is made anew each time do not belong together. */
	buf_addstr(&head, "Accept-Ranges: none\r\n");
	buf_add(&head, a->headers.data, a->headers.len);
	buf_addstr(&head, "\r\n");
	if (!empty && wants_body(g))
		buf_add(&head, a->body.data, a->body.len);
	gateway_write(g, head.data, head.len);
	buf_release(&head);
}

void response_send(struct response *a, struct gateway *g)
{
	put(a, g, true);
}

bool response_flush(struct response *a, struct gateway *g)
{
	if (!a->flushed)
		put(a, g, false);
	else if (wants_body(g))
		gateway_write(g, a->body.data, a->body.len);
	a->flushed = true;
	buf_reset(&a->body);
	return gateway_write(g, "", 0); /* of no bytes: asks only */
}
