/* SPDX-License-Identifier: MIT
 *
 * bulkstate: what a bulk is and has done so far, its transaction and its tables; for
 * the files of bulk alone: bulkcopy (rows in), bulkmerge (what becomes of them), bulk
 * (its life) and bulktell (what is reported of it).
 */
#ifndef BULKSTATE_H
#define BULKSTATE_H

#include "base/buf.h"
#include "catalogue/missing.h"
#include "catalogue/product.h"
#include "store/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bulk_active { BULK_RANDOM, BULK_YES, BULK_NO };

/* Which rows take effect; the others are passed over. */
enum bulk_mode { BULK_ALL, BULK_UPDATE_ONLY, BULK_CREATE_ONLY };

struct bulk_options {
	bool has[PRODUCT_COLUMNS];  /* the columns that rows have; others are kept */
	enum bulk_active active;    /* of a new product whose row does not say */
	bool stock;                 /* take quantities; with quantity_was the differences */
	bool sure_ids;              /* else they count only where the name is the product's */
	bool sums;                  /* those of all rows of a SKU, added up */
	enum bulk_mode mode;
	bool whole;                 /* bulk_miss follows */
	bool described;             /* without a name a new product is called by its description */
	const char *details;        /* which details rows have, as csvdetails_keys; NULL: none */
	const char *threshold;      /* LOW_STOCK_THRESHOLD */
	const char *actor;          /* of the ledger's rows */
	const char *task_id;        /* of the upload, or NULL */
};

/* added = created + updated + unchanged + superseded + unknown + known, once
 * merged. unknown: rows of no product, without a name or with BULK_UPDATE_ONLY;
 * known: rows that would change one, with BULK_CREATE_ONLY. */
struct bulk_counts {
	int64_t added, created, updated, unchanged, superseded, unknown, known;
	int64_t put_back, back_units; /* products whose quantity is what it was before they were
		sold since, without quantity_was; units that they get back */
	int64_t missing;              /* products that bulk_miss changed */
	int64_t short_of;             /* products with less than a difference takes: at 0 now */
};

enum bulk_turn { BULK_NOT_YET, BULK_WAITS, BULK_WRITES };

enum { BULK_FLAGS = 6 };

struct bulk {
	struct db *db;
	struct bulk_options opt;
	struct buf text;          /* the chunk as COPY incoming takes it */
	size_t n;                 /* its rows */
	struct buf rows, lines;   /* of a chunk: where its lines are not consecutive, as arrays */
	int64_t next_line;        /* the one that would be */
	bool copying, straight;   /* its COPY is open; it goes into products */
	enum bulk_turn turn;
	int64_t import;           /* as it is kept */
	int parts;
	int skip, skipped;        /* chunks to put aside untried, and of those so far */
	int64_t first_id;
	int64_t last_id;          /* what is inserted from here on has a higher one */
	bool flags[BULK_FLAGS];        /* which columns the file has */
	char *details;            /* and which details, or NULL */
	int64_t staged, direct;
	int64_t refused;          /* of those staged */
	struct bulk_counts counts; /* of what has these options */
	struct bulk_counts before; /* of what has others */
	struct missing missing;
	bool ended;
};

/* The savepoint of a part of the work. */
extern const struct db_query bulkstate_savepoint, bulkstate_release, bulkstate_go_back;

/* The planner knows nothing of what the transaction has written. */
extern const struct db_query bulkstate_hash_joins;

/* Begins the transaction unless it has begun, waits its turn, and makes the tables. */
ERR_CHECK int bulkstate_begin(struct bulk *b, struct err *e);

/* The tables of rows that have the same columns. */
ERR_CHECK int bulkstate_create_tables(struct bulk *b, struct err *e);

/* The id of the product that was made last. */
ERR_CHECK int bulkstate_last_product(struct bulk *b, int64_t *id, struct err *e);

/* Runs a statement; `changed`, unless NULL, is how many rows it changed. */
ERR_CHECK int bulkstate_run(struct bulk *b, const struct db_query *q, const struct db_param *p,
			    int64_t *changed, struct err *e);

/* True if no row makes a product; else those without a name do not. */
bool bulkstate_makes_none(const struct bulk *b);

#endif
