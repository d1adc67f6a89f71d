/* SPDX-License-Identifier: MIT
 *
 * numbers: numbers as people write them: with a decimal comma or point, with
 * thousands set off, with a currency. Which mark is the decimal one is declared,
 * or found over the whole file: once a number shows it, it holds for all of
 * them; no number is read by itself. No I/O.
 *
 *	"12,50"        shows a decimal comma, where the comma is no delimiter
 *	"1,234.50"     shows a decimal point, and a comma between thousands
 *	"1.250"        shows nothing: it is taken with a decimal point, and the file
 *	               cannot be used if another number then shows a comma
 */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "catalogue/product.h"

#include <stdbool.h>

struct numbers {
	bool declared;   /* `decimal` is not to be found */
	char decimal;    /* '.', ',', or 0 while nothing shows it */
	bool comma_free; /* the comma is no delimiter, so it may be found */
	bool thousands;  /* a number showed that they are set off by the other mark */
	long commas;     /* numbers that were refused for a decimal comma */
	long at_least;   /* quantities such as "50+" and "> 50", taken as 50 */
	/* The first that may be either, and the first that shows a comma. */
	struct numbers_seen {
		long line; /* 0: none */
		char text[24];
	} either, comma;
	bool mixed;      /* both were there: the file cannot be used */
	char room[PRODUCT_COLUMNS - PRODUCT_PRICE][32];
};

/* Makes *v, trimmed and not blank, what product_check takes. Without a way to
 * read it *v stays as it is, and product_check refuses it. */
void numbers_read(struct numbers *n, enum product_column column, struct product_text *v,
		  long line);

#endif
