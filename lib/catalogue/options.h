/* SPDX-License-Identifier: MIT
 *
 * options: the options of an import as people write them, on a command line,
 * in a form, or kept with an upload as JSON. No I/O.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "catalogue/import.h"

#include <jansson.h>

enum { OPTIONS_MAPS = 32 };

/* "yes", "no" or "random". */
enum bulk_active options_active(const char *s);

/* One character, or "tab". The error's message follows the option's
 * name, as that of the next one does. */
ERR_CHECK int options_delimiter(struct import_options *o, const char *s, struct err *e);

/* "all", "update" or "create"; NULL: all. */
enum bulk_mode options_only(const char *s);

/* "keep", "deactivate", "zero" or "delete" (NULL: keep); and the share of products that
 * the file may lack, "10" or "10%" (NULL: 20 %, or any with keep). */
ERR_CHECK int options_missing(struct import_options *o, const char *how, const char *shrink,
			      struct err *e);

/* Of a feed's name: from 1 to 80 bytes of text. */
ERR_CHECK int options_feed(const char *name, struct err *e);

/* "," or ".". */
ERR_CHECK int options_decimal(struct import_options *o, const char *s, struct err *e);

/* "12", "5%" or "0.5%": how many rows may be rejected; NULL: any number. */
ERR_CHECK int options_limit(struct import_options *o, const char *s, struct err *e);

/* Adds the options, as a shell takes them, that rejected rows of an import need when they
 * are imported again, each with a blank before it; `decimal` is what import_decimal
 * says. */
void options_again(struct buf *b, const struct import_options *o, char decimal);

/* Options that are kept as a JSON object: active, stock, dry_run, spreadsheet,
 * delimiter, encoding, max_errors, map (a list), like, location, columns,
 * decimal, header_line, only, missing, max_shrink, min_rows, no_details, feed. options_release. */
struct options {
	struct import_options opt;  /* points into the rest */
	const char *maps[OPTIONS_MAPS];
	const char *feed; /* its name, or NULL */
	json_t *json;
};

/* Reads and checks them; `active` is for where they do not say it. ERR_DATA or
 * ERR_USAGE says which cannot be. */
ERR_CHECK int options_read(struct options *o, const char *json, const char *active,
			     struct err *e);
void options_release(struct options *o);

#endif
