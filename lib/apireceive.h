/* SPDX-License-Identifier: MIT
 *
 * apireceive: handler of POST /api/upload: a file for import, as the body or in
 * a form, of any size in constant memory.
 */
#ifndef APIRECEIVE_H
#define APIRECEIVE_H

#include "cgi.h"
#include "err.h"

/* The parameters of its route are the options of an import, which may as well be
 * fields of the form, and `filename`. */
int apireceive_upload(struct cgi *c, struct err *e);

#endif
