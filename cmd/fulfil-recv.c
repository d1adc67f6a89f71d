/* SPDX-License-Identifier: MIT
 *
 * fulfil-recv: Shopify payloads on stdin into the database, an `order` record
 * each on stdout. Payloads come together in batches while more input waits.
 */
#include "base/buf.h"
#include "base/conf.h"
#include "base/jtext.h"
#include "base/sign.h"
#include "base/xalloc.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "order/intake.h"
#include "order/order.h"
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
	int status;
};

static void put_record(const struct intake_result *r, const char *why, long line)
{
	struct buf b = BUF_INIT;

	buf_addstr(&b, "{\"v\":1,\"type\":\"order\",\"order_id\":");
	if (r->order_id)
		buf_addf(&b, "%lld", (long long)r->order_id);
	else
		buf_addstr(&b, "null");
	if (r->external_id)
		buf_addf(&b, ",\"external_order_id\":\"%lld\"", (long long)r->external_id);
	else
		buf_addstr(&b, ",\"external_order_id\":null");
	buf_addf(&b, ",\"status\":\"%s\"", r->status);
	if (*why) {
		buf_addstr(&b, ",\"why\":");
		jtext_add(&b, why);
	}
	if (line)
		buf_addf(&b, ",\"line\":%ld", line);
	buf_addstr(&b, "}\n");
	ndjson_put(&b);
	buf_release(&b);
}

static int store(void *ctx, struct err *e)
{
	struct recv *r = ctx;
	size_t n = intake_count(r->batch);

	if (intake_store(r->batch, r->results, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool rejected = strcmp(r->results[i].status, "rejected") == 0;

		if (rejected)
			r->status = err_worse(r->status, EX_DATAERR);
		put_record(&r->results[i], r->results[i].why, rejected ? r->lines[i] : 0);
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
	put_record(&none, why, line);
}

static int one(void *ctx, const struct ndjson_record *rec, struct err *e)
{
	struct recv *r = ctx;
	struct intake_payload p = {.body = rec->text, .len = rec->len, .json = rec->json,
				   .shop = r->shop, .topic = r->topic};

	if (intake_add(r->batch, &p, e) != 0)
		return -1;
	r->lines[intake_count(r->batch) - 1] = rec->line;
	if (intake_count(r->batch) >= BATCH || intake_is_full(r->batch))
		return store(r, e);
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
	struct buf b = BUF_INIT;
	const char *secrets;
	int rc = -1;

	if (conf_need(conf, "SHOPIFY_WEBHOOK_SECRET", &secrets, e) != 0 || read_all(&b, e) != 0)
		goto out;
	if (!sign_shopify_ok(secrets, hmac, b.data ? b.data : "", b.len)) {
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
	buf_release(&b);
	return rc;
}

/* Without --shop: the first of SHOPIFY_SHOPS, else the one whose orders are
 * here. A guess among several would store an order twice. */
static int find_shop(const char **shop, const struct conf *conf, struct db *db, char *room,
		     size_t size, struct err *e)
{
	const char *list = conf_get(conf, "SHOPIFY_SHOPS");
	struct db_rows *rows = NULL;
	bool one = true;

	list += strspn(list, ", \t");
	snprintf(room, size, "%.*s", (int)strcspn(list, ", \t"), list);
	if (*shop == NULL && *room == '\0') {
		if (db_exec(db, &SQL_READ_SHOPS, NULL, &rows, e) != 0)
			return -1;
		snprintf(room, size, "%s", db_text(rows, 0, 0));
		one = strcmp(db_text(rows, 0, 0), db_text(rows, 0, 1)) == 0;
		db_rows_free(rows);
	}
	if (!one)
		return err_set(e, ERR_CONFIG, "orders of several shops are here: say whose these "
			       "are with --shop, or in SHOPIFY_SHOPS");
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
	if (topic && !order_topic_known(topic))
		log_say(LOG_WARN, "\"%s\" is no topic of orders that is followed: payloads are "
			"stored, and nothing comes of them", topic);
}

int main(int argc, char **argv)
{
	const char *hmac = NULL;
	struct recv *r = xalloc_zero(1, sizeof *r);
	const struct opt options[] = {
		{"topic", 't', OPT_TEXT, &r->topic, "TOPIC",
		 "what the payloads are; they tell themselves", 0, 0},
		{"shop", 's', OPT_TEXT, &r->shop, "DOMAIN",
		 "whose they are; the one shop known", 0, 0},
		{"hmac", 0, OPT_TEXT, &hmac, "BASE64",
		 "check this signature over the whole input", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-recv", "[options] < payloads.json",
		"Stores Shopify orders, refunds and edits once and only once.",
		"fulfil-recv --topic orders/create < orders.ndjson | fulfil-enqueue", options};
	const struct ndjson_ops ops = {one, rejected, store};
	struct conf *conf;
	struct db *db;
	struct err e = {0};
	char room[256];

	if (opt_parse(&cmd, argc, argv) < argc)
		opt_usage(&cmd, "payloads come on standard input, not as operands");
	if (conf_load(&conf, CONF_COMMAND, &e) != 0 ||
	    log_set_level(conf_get(conf, "LOG_LEVEL"), &e) != 0 ||
	    db_open_by_key(&db, conf, cmd.name, &e) != 0 ||
	    find_shop(&r->shop, conf, db, room, sizeof room, &e) != 0)
		log_die(&e);
	check_topic(r->topic);
	r->batch = intake_new(db, conf);

	ndjson_catch_signals();
	if (hmac == NULL)
		r->status = err_worse(ndjson_each(STDIN_FILENO, &ops, r), r->status);
	else if (one_signed(r, conf, hmac, &e) != 0)
		r->status = err_worse(r->status, log_err(&e));

	intake_free(r->batch);
	db_close(db);
	conf_free(conf);
	int status = ndjson_close(r->status);
	free(r);
	return status;
}
