/* SPDX-License-Identifier: MIT
 *
 * csvlook: looks for the header of a file whose first line is none. No I/O.
 */
#ifndef CSVLOOK_H
#define CSVLOOK_H

#include "catalogue/csvtable.h"

/* The first line after the first one, among those in these bytes, that would be
 * a header with one of the delimiters, with a SKU and a name; 0: none. */
long csvlook_find_header(const char *bytes, size_t n, const char *delimiters,
			 const struct csvtable_options *options);

#endif
