/* SPDX-License-Identifier: MIT
 *
 * secret: whether a secret among the settings can protect anything.
 */
#ifndef SECRET_H
#define SECRET_H

#include "base/conftype.h"
#include "base/err.h"

enum { SECRET_LEAST = 16 };

/* Passes the value of a setting of that type. ERR_CONFIG: one of the words that examples use where
 * a secret belongs, unless `where` (ENVIRONMENT) is development; a text that is a list with an
 * entry of fewer than SECRET_LEAST characters, where it is production. A shop's own secret counts
 * without the shop. */
ERR_CHECK int secret_check(const char *value, enum conftype_is type, const char *where,
			   struct err *e);

#endif
