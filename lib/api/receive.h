/* SPDX-License-Identifier: MIT
 *
 * receive: handler of POST /api/upload: a file for import, as the body or in
 * a form, of any size in constant memory.
 */
#ifndef RECEIVE_H
#define RECEIVE_H

#include "base/err.h"
#include "web/cgi.h"

/* The parameters of its route are the options of an import, which may as well be
 * fields of the form, and `filename`. */
int receive_file(struct cgi *c, struct err *e);

#endif
