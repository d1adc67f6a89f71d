/* SPDX-License-Identifier: MIT
 *
 * verb: the table, and what openapi.json says about its rows, which is parsed when it is
 * first asked.
 */
#include "shell/verb.h"

#include "api/tables.h"
#include "base/buf.h"

#include <jansson.h>
#include <string.h>

#define ORDER_COLUMNS "id,name,status,customer_name,total_amount,created_at,error_message"
#define PRODUCT_COLUMNS "id,sku,name,price,quantity,reorder_level,active"
#define LEDGER_COLUMNS "id,created_at,product_sku,delta,balance,reason,order_name,actor,note"
#define STOCK_COLUMNS                                                                              \
	"product_id,product_sku,product_name,quantity,reserved,available,reorder_level"
#define DELIVERY_COLUMNS                                                                           \
	"id,event,subject_name,status,http_status,tries,next_attempt_at,error_message"

const struct verb verb_table[] = {
	{"orders", "list", "GET", "/api/orders", ORDER_COLUMNS},
	{"orders", "show", "GET", "/api/orders/{id}", NULL},
	{"orders", "story", "GET", "/api/orders/{id}/story", NULL},
	{"orders", "retry", "POST", "/api/orders/{id}/retry", NULL},
	{"orders", "retry", "POST", "/api/orders/retry", NULL},
	{"orders", "cancel", "POST", "/api/orders/{id}/cancel", NULL},
	{"orders", "causes", "GET", "/api/orders/causes", NULL},
	{"products", "list", "GET", "/api/products", PRODUCT_COLUMNS},
	{"products", "show", "GET", "/api/products/{id}", NULL},
	{"products", "create", "POST", "/api/products", NULL},
	{"products", "set", "PUT", "/api/products/{id}", NULL},
	{"products", "delete", "DELETE", "/api/products/{id}", NULL},
	{"products", "delete", "DELETE", "/api/products/bulk", NULL},
	{"products", "count", "GET", "/api/products/count", NULL},
	{"products", "export", "GET", "/api/products/export.csv", NULL},
	{"stock", "list", "GET", "/api/inventory", STOCK_COLUMNS},
	{"stock", "show", "GET", "/api/inventory/{id}", NULL},
	{"stock", "set", "PUT", "/api/inventory/{id}", NULL},
	{"stock", "add", "POST", "/api/inventory/{id}", NULL},
	{"stock", "alerts", "GET", "/api/inventory/alerts", STOCK_COLUMNS},
	{"stock", "shortages", "GET", "/api/inventory/shortages", NULL},
	{"stock", "ledger", "GET", "/api/inventory/{id}/ledger", LEDGER_COLUMNS},
	{"stock", "ledger", "GET", "/api/ledger", LEDGER_COLUMNS},
	{"webhooks", "list", "GET", "/api/webhooks", "id,enabled,paused,waiting,failures,url"},
	{"webhooks", "show", "GET", "/api/webhooks/{id}", NULL},
	{"webhooks", "create", "POST", "/api/webhooks", NULL},
	{"webhooks", "set", "PUT", "/api/webhooks/{id}", NULL},
	{"webhooks", "delete", "DELETE", "/api/webhooks/{id}", NULL},
	{"webhooks", "test", "POST", "/api/webhooks/{id}/test", NULL},
	{"webhooks", "retry", "POST", "/api/webhooks/{id}/replay", NULL},
	{"deliveries", "list", "GET", "/api/webhooks/{id}/deliveries", DELIVERY_COLUMNS},
	{"deliveries", "list", "GET", "/api/deliveries", DELIVERY_COLUMNS},
	{"deliveries", "request", "GET", "/api/deliveries/{id}/request", NULL},
	{"deliveries", "retry", "POST", "/api/deliveries/{id}/replay", NULL},
	{"events", "fetch", "GET", "/api/events", NULL},
	{"uploads", "list", "GET", "/api/upload",
	 "task_id,filename,status,created,updated,rejected,created_at"},
	{"uploads", "show", "GET", "/api/upload/{task_id}/progress", NULL},
	{"uploads", "rejects", "GET", "/api/upload/{task_id}/rejects", NULL},
	{"uploads", "cancel", "POST", "/api/upload/{task_id}/cancel", NULL},
	{"uploads", "undo", "POST", "/api/upload/{task_id}/undo", NULL},
	{"feeds", "list", "GET", "/api/feeds",
	 "name,rows,imported_at,refused_at,refused"},
	{"quarantine", "list", "GET", "/api/quarantine", "id,received_at,shop,topic,bytes,reason"},
	{"quarantine", "show", "GET", "/api/quarantine/{id}", NULL},
	{"quarantine", "retry", "POST", "/api/quarantine/{id}/retry", NULL},
	{"quarantine", "delete", "DELETE", "/api/quarantine/{id}", NULL},
	{"payloads", "show", "GET", "/api/payloads/{id}", NULL},
	{"metrics", "timeline", "GET", "/api/timeline", NULL},
	{"logs", "list", "GET", "/api/sync-logs",
	 "id,created_at,task_name,status,order_name,attempt,duration_ms,error_message"},
	{"privacy", "list", "GET", "/api/privacy-requests",
	 "id,received_at,kind,shop,customer_email,done_at"},
	{"privacy", "show", "GET", "/api/privacy-requests/{id}", NULL},
	{0}};

const struct verb *verb_noun(const char *noun)
{
	for (const struct verb *v = verb_table; v->noun; v++)
		if (strcmp(v->noun, noun) == 0)
			return v;
	return NULL;
}

bool verb_has_id(const struct verb *v)
{
	return strchr(v->path, '{') != NULL;
}

const struct verb *verb_find(const char *noun, const char *name, bool with_id)
{
	const struct verb *found = NULL;

	for (const struct verb *v = verb_table; v->noun; v++)
		if (strcmp(v->noun, noun) == 0 && strcmp(v->name, name) == 0 &&
		    (found == NULL || verb_has_id(v) == with_id))
			found = v;
	return found;
}

const struct cgi_route *verb_route(const struct verb *v)
{
	for (const struct cgi_table *t = tables_of_api; t->routes; t++)
		for (const struct cgi_route *r = t->routes; r->method; r++)
			if (strcmp(r->path, v->path) == 0 && strcmp(r->method, v->method) == 0)
				return r;
	return NULL;
}

/* --- openapi.json --- */

static json_t *document(void)
{
	static json_t *parsed;

	if (parsed == NULL)
		parsed = json_loads(tables_openapi, 0, NULL);
	return parsed;
}

/* What {"$ref": "#/a/b"} points to; anything else as it is. */
static json_t *resolve(json_t *j)
{
	const char *s = json_string_value(json_object_get(j, "$ref"));
	json_t *to = document();

	if (s == NULL)
		return j;
	for (s += strcspn(s, "/"); *s == '/' && to; s += strcspn(s, "/")) {
		size_t n = strcspn(++s, "/");

		to = json_object_getn(to, s, n);
	}
	return to;
}

static json_t *operation(const struct verb *v)
{
	static const char *const upper[] = {"GET", "POST", "PUT", "DELETE", NULL};
	static const char *const lower[] = {"get", "post", "put", "delete"};
	json_t *path = json_object_get(json_object_get(document(), "paths"), v->path);

	for (int i = 0; upper[i]; i++)
		if (strcmp(v->method, upper[i]) == 0)
			return json_object_get(path, lower[i]);
	return NULL;
}

const char *verb_summary(const struct verb *v)
{
	const char *s = json_string_value(json_object_get(operation(v), "summary"));

	return s ? s : "";
}

const char *verb_explains(const struct verb *v, const char *param)
{
	json_t *p;
	size_t i;

	json_array_foreach(json_object_get(operation(v), "parameters"), i, p) {
		json_t *d = resolve(p);
		const char *name = json_string_value(json_object_get(d, "name"));
		const char *said = json_string_value(json_object_get(d, "description"));

		if (name && strcmp(name, param) == 0)
			return said ? said : "";
	}
	return "";
}

static json_t *body_schema(const struct verb *v)
{
	json_t *body = json_object_get(json_object_get(operation(v), "requestBody"), "content");

	return resolve(json_object_get(json_object_get(body, "application/json"), "schema"));
}

bool verb_has_body(const struct verb *v)
{
	return body_schema(v) != NULL;
}

/* Calls f for each member that the schema knows, those of its alternatives too, until it
 * returns something. */
static const char *each_member(json_t *schema, const char *(*f)(void *, const char *, json_t *),
			       void *ctx)
{
	static const char *const joins[] = {"allOf", "anyOf", "oneOf", NULL};
	const char *name, *found = NULL;
	json_t *member, *part;
	size_t i;

	json_object_foreach(json_object_get(schema, "properties"), name, member)
		if ((found = f(ctx, name, resolve(member))) != NULL)
			return found;
	for (int k = 0; joins[k]; k++)
		json_array_foreach(json_object_get(schema, joins[k]), i, part)
			if ((found = each_member(resolve(part), f, ctx)) != NULL)
				return found;
	return NULL;
}

static const char *match(void *ctx, const char *name, json_t *member)
{
	json_t *type = json_object_get(member, "type");
	const char *format = json_string_value(json_object_get(member, "format"));

	if (strcmp(name, ctx) != 0)
		return NULL;
	if (format && strcmp(format, "date-time") == 0)
		return "time";
	if (json_is_array(type))
		type = json_array_get(type, 0);
	return json_is_string(type) ? json_string_value(type) : "any";
}

const char *verb_member(const struct verb *v, const char *name)
{
	char wanted[64];

	if (strlen(name) >= sizeof wanted)
		return NULL;
	memcpy(wanted, name, strlen(name) + 1);
	return each_member(body_schema(v), match, wanted);
}

static const char *note(void *ctx, const char *name, json_t *member)
{
	struct buf *b = ctx;

	(void)member;
	buf_addf(b, "%s%s", b->len ? "," : "", name);
	return NULL;
}

void verb_members(const struct verb *v, struct buf *b)
{
	each_member(body_schema(v), note, b);
}
