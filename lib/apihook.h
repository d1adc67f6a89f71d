/* SPDX-License-Identifier: MIT
 *
 * apihook: webhooks, at /api/webhooks. Handlers of cgi.h; their context is a
 * struct api. What is wrong with a webhook is said of each member at once. A
 * secret is taken and never shown.
 */
#ifndef APIHOOK_H
#define APIHOOK_H

#include "cgi.h"
#include "err.h"

int apihook_list(struct cgi *c, struct err *e);       /* page.h's */
int apihook_show(struct cgi *c, struct err *e);
int apihook_create(struct cgi *c, struct err *e);     /* 201; 409: the URL is another's */
int apihook_change(struct cgi *c, struct err *e);     /* only what is given; 409 */
int apihook_delete(struct cgi *c, struct err *e);     /* 204 */

#endif
