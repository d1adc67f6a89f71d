/* SPDX-License-Identifier: MIT
 *
 * tables: all routes of the HTTP API, and the document that describes them, for those who serve
 * or call them.
 */
#ifndef TABLES_H
#define TABLES_H

#include "web/cgi.h"

extern const struct cgi_table tables_of_api[]; /* ends with {0} */
extern const struct cgi_version tables_versions[]; /* what two may edit at once */

extern const char *const tables_openapi; /* openapi.json */

#endif
