/* SPDX-License-Identifier: MIT
 *
 * formats: the exports of other systems, as tables. Names of columns are
 * compared as product_same_name does; `*` stands for any text. In a list `|`
 * stands between alternatives, the first that a header has comes first.
 */
#ifndef FORMATS_H
#define FORMATS_H

#include "catalogue/product.h"

#include <stdbool.h>
#include <stddef.h>

struct formats_entry {
	const char *name;     /* as --like takes it */
	const char *title;    /* for people: "Shopify's product export" */
	const char *marks;    /* columns that tell it, all of them: "a|b; c" */
	const char *columns[PRODUCT_COLUMNS];
	const char *options;  /* values that tell one variant from another, all that are there */
	const char *plain;    /* words that are no such value: "Default Title" */
	const char *group;    /* rows with the same value, or none, are variants of one product:
	                       * what a row leaves blank is what the rows above it say */
	const char *id;       /* what a blank SKU is made of */
	const char *id_mark;  /* before it, in such a SKU */
	const char *lacks;    /* columns that it never has: "a|b" */
	const char *kind;     /* what a row is */
	const char *passed;   /* kinds of rows that are no product: passed over as parent_row */
	const char *held;     /* kinds of rows that are no product either, if a variant follows;
	                       * only what `passed` names may stand between */
	const char *variant;  /* kinds of rows that are one: only these have options, and a SKU
	                       * that is in the first of its columns */
	const char *parent;   /* names the parent, by its SKU or "id:" and its id */
	const char *view;     /* a row with a value here is a translation: store_view_row */
	const char *location; /* where a quantity is; a SKU has a row for each */
	const char *none;     /* words that stand for no value, of a price or a quantity */
	const char *zero;     /* words that stand for a quantity of 0 */
	const char *rest;     /* each column after the last of these is the quantity at a place */
	const char *surcharge; /* what a variant costs more than its product */
	const char *yes, *no; /* words of the column `active`, besides those of product.h */
	const char *thin;     /* code of rows with no SKU, name, price or option: passed over */
	unsigned carried;     /* columns (bits) that a group carries down, besides name,
	                       * description, category and active */
	bool sum;             /* the quantity is the sum of its columns */
	bool full_names;      /* a variant with a name of its own needs no options in it */
	bool sku_list;        /* a SKU may be several with commas between */
	bool named_options;   /* a variant has its options in the place of its name */
	bool literal;         /* between TABs quotes are characters like any other */
	bool fractions;       /* quantities may be 12.5: whole units are taken */
	bool comma;           /* decimals may have a comma; else a point is sure */
};

extern const struct formats_entry formats_all[];
extern const size_t formats_count;

/* The entry of that name, or NULL. */
const struct formats_entry *formats_find(const char *name);

/* "a, b, c": all names. */
void formats_list(char *names, size_t size);

#endif
