/* SPDX-License-Identifier: MIT
 *
 * importopt: the options of an import as people write them, on a command line,
 * in a form, or kept with an upload as JSON. No I/O.
 */
#ifndef IMPORTOPT_H
#define IMPORTOPT_H

#include "err.h"
#include "import.h"

#include <jansson.h>

enum { IMPORTOPT_MAPS = 32 };

/* "yes", "no" or "random". */
enum bulk_active importopt_active(const char *s);

/* One character, or "tab". The error's message goes on behind the option's
 * name, as that of the next one does. */
ERR_CHECK int importopt_delimiter(struct import_options *o, const char *s, struct err *e);

/* "12" or "5%": how many rows may be rejected; NULL: any number. */
ERR_CHECK int importopt_limit(struct import_options *o, const char *s, struct err *e);

/* Options that are kept as a JSON object: active, stock, dry_run, spreadsheet,
 * delimiter, encoding, max_errors, map (a list). importopt_release. */
struct importopt {
	struct import_options opt;  /* points into the rest */
	const char *maps[IMPORTOPT_MAPS];
	json_t *json;
};

/* Reads and checks them; `active` is for where they do not say it. ERR_DATA or
 * ERR_USAGE says which cannot be. */
ERR_CHECK int importopt_read(struct importopt *o, const char *json, const char *active,
			     struct err *e);
void importopt_release(struct importopt *o);

#endif
