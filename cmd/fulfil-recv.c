/* SPDX-License-Identifier: MIT
 *
 * fulfil-recv: Shopify payloads on stdin into the database, an `order` record
 * each on stdout. Payloads come together in batches while more input waits. What
 * they may be wrapped in is taken off by envelope.h.
 */
#include "base/buf.h"
#include "base/conf.h"
#include "base/jtext.h"
#include "base/record.h"
#include "base/sign.h"
#include "base/xalloc.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "order/envelope.h"
#include "order/intake.h"
#include "order/order.h"
#include "order/privacy.h"
#include "order/retake.h"
#include "order/shipment.h"
#include "sql.h"
#include "store/db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { BATCH = 256 };

struct recv {
	struct intake *batch;
	struct intake_result results[INTAKE_MOST];
	long lines[INTAKE_MOST]; /* of each payload in the batch */
	const char *topic, *shop;
	bool history;
	const struct conf *conf;
	struct err no_shop; /* why `shop` is NULL: payloads must name theirs */
	long line;          /* of the input that is being read */
	int status;
};

static void put_record(const struct intake_result *r, const char *why, const char *where,
		       int64_t number)
{
	struct buf b = BUF_INIT;

	record_begin(&b, "order");
	record_id(&b, "order_id", r->order_id);
	record_id_text(&b, "external_order_id", r->external_id);
	record_text(&b, "status", r->status);
	if (*why)
		record_text(&b, "why", why);
	if (number)
		record_int(&b, where, number);
	ndjson_put_record(&b);
}

static int store(void *ctx, struct err *e)
{
	struct recv *r = ctx;
	size_t n = intake_count(r->batch);

	if (intake_store(r->batch, r->results, e) != 0)
		return -1;
	if (intake_trouble(r->batch))
		log_say(LOG_WARN, "left to fulfil-scan: %s", intake_trouble(r->batch));
	for (size_t i = 0; i < n; i++) {
		bool rejected = strcmp(r->results[i].status, "rejected") == 0;

		if (rejected)
			r->status = err_worse(r->status, EX_DATAERR);
		put_record(&r->results[i], r->results[i].why, "line", rejected ? r->lines[i] : 0);
	}
	return 0;
}

static void rejected(void *ctx, long line, const char *why)
{
	struct intake_result none = {.status = "rejected"};
	struct err e = {0};

	/* Records come out in the order of the payloads. */
	if (store(ctx, &e) != 0)
		((struct recv *)ctx)->status = log_err(&e);
	put_record(&none, why, "line", line);
}

/* What the envelope says goes before what the options do. */
static int find_label(const struct recv *r, const struct envelope_label *l,
		      struct intake_payload *p, struct err *e)
{
	p->shop = l->shop ? l->shop : r->shop;
	p->topic = l->topic ? l->topic : r->topic;
	p->webhook_id = l->webhook_id;
	p->traceparent = l->trace;
	if (p->shop == NULL) {
		*e = r->no_shop;
		return -1;
	}
	if (l->shop && !intake_shop_ok(r->conf, l->shop))
		return err_set(e, ERR_DATA, "\"%.80s\", whose it says it is, is no shop that is "
			       "taken", l->shop);
	return 0;
}

/* One payload out of an envelope: a bad one does not hold up the others. */
static int one_part(void *ctx, const struct envelope_part *part, struct err *e)
{
	struct recv *r = ctx;
	struct intake_payload p = {.body = part->text, .len = part->len, .json = part->json,
				   .history = r->history};

	if (find_label(r, &part->label, &p, e) != 0 || intake_add(r->batch, &p, e) != 0) {
		if (err_exit_status(e->code) != EX_DATAERR)
			return -1;
		log_say(LOG_ERROR, "line %ld: %s", r->line, e->msg);
		r->status = err_worse(r->status, EX_DATAERR);
		rejected(r, r->line, e->msg);
		return 0;
	}
	r->lines[intake_count(r->batch) - 1] = r->line;
	if (intake_count(r->batch) >= BATCH || intake_is_full(r->batch))
		return store(r, e);
	return 0;
}

/* A record of ours that is no payload, such as the summary of a pull. */
static bool is_note(const json_t *json)
{
	const char *type = json_string_value(json_object_get(json, "type"));

	return type && strcmp(type, "payload") != 0 && json_object_get(json, "id") == NULL &&
	       json_is_integer(json_object_get(json, "v"));
}

static int pass_on(struct recv *r, const struct ndjson_record *rec, struct err *e)
{
	char *text = json_dumps(rec->json, JSON_COMPACT);
	struct buf b = BUF_INIT;

	if (store(r, e) != 0) {
		free(text);
		return -1;
	}
	buf_addf(&b, "%s\n", text);
	ndjson_put(&b);
	buf_release(&b);
	free(text);
	return 0;
}

static int one(void *ctx, const struct ndjson_record *rec, struct err *e)
{
	struct recv *r = ctx;

	r->line = rec->line;
	if (is_note(rec->json))
		return pass_on(r, rec, e);
	return envelope_each(rec->text, rec->len, rec->json, one_part, r, e);
}

/* --quarantine: a record for each body there. */
static int retake_all(struct recv *r, struct db *db, struct err *e)
{
	struct intake_result result;
	int64_t id = 0;

	while (!ndjson_stopping()) {
		if (retake_next(db, id, &id, e) != 0)
			return -1;
		if (id == 0)
			return 0;
		if (retake_one(db, r->conf, id, &result, e) == 0) {
			put_record(&result, result.why, "quarantine_id", id);
		} else if (e->code == ERR_CONFLICT) {
			result = (struct intake_result){.status = "rejected"};
			put_record(&result, e->msg, "quarantine_id", id);
			r->status = err_worse(r->status, EX_DATAERR);
		} else if (e->code != ERR_NOTFOUND) {
			return -1;
		}
	}
	return 0;
}

/* The whole of stdin, to its last byte; NULL after a read error. */
static int read_all(struct buf *b, struct err *e)
{
	ssize_t n;

	ndjson_say_typed(STDIN_FILENO, "a payload");
	while ((n = read(STDIN_FILENO, buf_reserve(b, 1 << 16), 1 << 16)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_IO, "cannot read standard input: %s",
				       strerror(errno));
		b->len += (size_t)n;
		if (b->len > NDJSON_MOST)
			return err_set(e, ERR_DATA, "the payload is longer than 8 MiB");
	}
	return 0;
}

/* --hmac: the whole input is one payload, whose exact bytes were signed. */
static int one_signed(struct recv *r, const struct conf *conf, const char *hmac, struct err *e)
{
	struct ndjson_record rec = {.line = 1};
	struct buf b = BUF_INIT, own = BUF_INIT;
	const char *secrets;
	int rc = -1;

	if (conf_need(conf, "SHOPIFY_WEBHOOK_SECRET", &secrets, e) != 0 || read_all(&b, e) != 0)
		goto out;
	intake_secrets(secrets, r->shop ? r->shop : "", &own);
	if (!sign_shopify_ok(own.data, hmac, b.data ? b.data : "", b.len)) {
		err_set(e, ERR_DATA, "the signature is that of other bytes, or of a secret that is "
			"not in SHOPIFY_WEBHOOK_SECRET");
		goto out;
	}
	rec.text = b.data;
	rec.len = b.len;
	if (jtext_parse(b.data ? b.data : "", b.len, &rec.json, e) == 0 && one(r, &rec, e) == 0)
		rc = store(r, e);
out:
	if (rc != 0 && err_exit_status(e->code) == EX_DATAERR)
		rejected(r, 1, e->msg);
	json_decref(rec.json);
	buf_release(&own);
	buf_release(&b);
	return rc;
}

/* The first of SHOPIFY_SHOPS, "" if it has none. */
static void first_shop(const struct conf *conf, char *out, size_t size)
{
	const char *list = conf_get(conf, "SHOPIFY_SHOPS");

	list += strspn(list, ", \t");
	snprintf(out, size, "%.*s", (int)strcspn(list, ", \t"), list);
}

/* --sign: what Shopify would send as the signature of these bytes. */
static int sign(const struct conf *conf, const char *shop, struct err *e)
{
	unsigned char mac[SIGN_BYTES];
	char text[SIGN_BYTES * 2], room[256];
	struct buf b = BUF_INIT, own = BUF_INIT;
	const char *secrets;
	int rc = -1;

	if (conf_need(conf, "SHOPIFY_WEBHOOK_SECRET", &secrets, e) != 0 || read_all(&b, e) != 0)
		goto out;
	first_shop(conf, room, sizeof room);
	shop = shop ? shop : room;
	intake_secrets(secrets, shop, &own);
	if (own.len == 0) {
		err_set(e, ERR_CONFIG, "SHOPIFY_WEBHOOK_SECRET has no secret for \"%.80s\"",
			shop);
		goto out;
	}
	sign_hmac(own.data, strcspn(own.data, " "), b.data ? b.data : "", b.len, mac);
	sign_encode64(mac, sizeof mac, text);
	buf_reset(&b);
	buf_addf(&b, "%s\n", text);
	ndjson_put(&b);
	rc = 0;
out:
	buf_release(&own);
	buf_release(&b);
	return rc;
}

/* The whole of a run with --sign; its status. */
static int sign_only(struct recv *r, struct conf *conf)
{
	struct err e = {0};
	int status = sign(conf, r->shop, &e) != 0 ? log_err(&e) : 0;

	conf_free(conf);
	free(r);
	return ndjson_close(status);
}

/* Without --shop: the first of SHOPIFY_SHOPS, else the one whose orders are
 * here. A guess among several would store an order twice, so then there is none. */
static int find_shop(struct recv *r, struct db *db, char *room, size_t size, struct err *e)
{
	const struct conf *conf = r->conf;
	const char **shop = &r->shop;
	struct db_rows *rows = NULL;
	bool one = true;

	first_shop(conf, room, size);
	if (*shop == NULL && *room == '\0') {
		if (db_exec(db, &SQL_READ_SHOPS, NULL, &rows, e) != 0)
			return -1;
		snprintf(room, size, "%s", db_text(rows, 0, 0));
		one = strcmp(db_text(rows, 0, 0), db_text(rows, 0, 1)) == 0;
		db_rows_free(rows);
	}
	if (!one) {
		err_set(&r->no_shop, ERR_CONFIG, "orders of several shops are here: say whose "
			"these are with --shop, or in SHOPIFY_SHOPS");
		return 0;
	}
	if (*shop == NULL)
		*shop = *room ? room : "shop.myshopify.com";
	if (intake_shop_ok(conf, *shop))
		return 0;
	return err_set(e, ERR_CONFIG, "\"%.80s\" is no shop that is taken: "
		       "NAME.myshopify.com, and in SHOPIFY_SHOPS if that is set", *shop);
}

/* Payloads under a topic that is not followed are stored unread; a typing
 * mistake must not do that in silence. */
static void check_topic(const char *topic)
{
	if (topic && !order_topic_known(topic) && !privacy_topic(topic) &&
	    !shipment_topic(topic))
		log_say(LOG_WARN, "\"%s\" is not a topic that is followed: payloads are stored, "
			"and have no effect", topic);
}

int main(int argc, char **argv)
{
	const char *hmac = NULL;
	bool quarantine = false, signs = false;
	struct recv *r = xalloc_zero(1, sizeof *r);
	const struct opt options[] = {
		{"topic", 't', OPT_TEXT, &r->topic, "TOPIC",
		 "what the payloads are; they tell themselves", 0, 0},
		{"shop", 's', OPT_TEXT, &r->shop, "DOMAIN",
		 "whose they are; the one shop known", 0, 0},
		{"hmac", 0, OPT_TEXT, &hmac, "BASE64",
		 "check this signature over the whole input", 0, 0},
		{"sign", 0, OPT_FLAG, &signs, NULL,
		 "print the signature of the input; store nothing", 0, 0},
		{"history", 0, OPT_FLAG, &r->history, NULL,
		 "of a time before: what was shipped moves nothing", 0, 0},
		{"quarantine", 0, OPT_FLAG, &quarantine, NULL,
		 "try the quarantine again; read no input", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-recv", "[options] < payloads.json",
		"Stores Shopify orders, refunds and edits once and only once.",
		"fulfil-recv --topic orders/create < orders.ndjson | fulfil-enqueue", options};
	const struct ndjson_ops ops = {one, rejected, store};
	struct conf *conf;
	struct db *db;
	int status = 0;
	struct err e = {0};
	char room[256];

	if (opt_parse(&cmd, argc, argv) < argc)
		opt_usage(&cmd, "payloads come on standard input, not as operands");
	if (quarantine && (hmac || r->topic || r->shop || r->history))
		opt_usage(&cmd, "--quarantine knows what each body came as");
	if (signs && (hmac || r->topic || r->history || quarantine))
		opt_usage(&cmd, "--sign goes with --shop only");
	if (program_start(&conf, CONF_COMMAND, &e) != 0)
		log_die(&e);
	r->conf = conf;
	if (signs)
		return sign_only(r, conf);
	if (db_open_by_key(&db, conf, cmd.name, &e) != 0)
		log_die(&e);
	if (find_shop(r, db, room, sizeof room, &e) != 0)
		log_die(&e);
	check_topic(r->topic);
	r->batch = intake_new(db, conf);

	ndjson_catch_signals();
	if (!quarantine && hmac == NULL)
		status = ndjson_each(STDIN_FILENO, &ops, r);
	else if (quarantine ? retake_all(r, db, &e) != 0 : one_signed(r, conf, hmac, &e) != 0)
		status = log_err(&e);

	intake_free(r->batch);
	db_close(db);
	conf_free(conf);
	status = ndjson_close(err_worse(status, r->status));
	free(r);
	return status;
}
