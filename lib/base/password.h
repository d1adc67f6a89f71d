/* SPDX-License-Identifier: MIT
 *
 * password: passwords as they are kept: scrypt with a salt of their own, as text.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "base/err.h"

#include <stdbool.h>

enum { PASSWORD_TEXT = 160, PASSWORD_LEAST = 12, PASSWORD_MOST = 1024 };

/* What is to be kept of a new password. ERR_DATA: fewer than PASSWORD_LEAST characters, or more
 * than PASSWORD_MOST bytes; ERR_BUG: no random bytes or no memory. */
ERR_CHECK int password_keep(const char *password, char kept[PASSWORD_TEXT], struct err *e);

/* True if it is the password that `kept` was made of. NULL for nobody takes as long. */
bool password_fits(const char *kept, const char *password);

#endif
